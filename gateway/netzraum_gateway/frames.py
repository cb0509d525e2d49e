"""The frame around a page: who is logged in, their spaces, what is unread and to do."""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from netzraum_gateway.api import Api, ApiProblem
from netzraum_gateway.routing import ITEM_SERVICES
from netzraum_gateway.sessions import Session
from netzraum_platform.database import utc_now

FRESH_S = 30.0
MOST_KEPT = 20_000


@dataclass(frozen=True)
class Overview:
    """The answer of GET overview; ``missing`` names services that did not answer."""

    unread: dict[str, dict[str, int]] = field(default_factory=dict)
    activity: list[dict[str, Any]] = field(default_factory=list)
    todo: list[dict[str, Any]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Frame:
    """What surrounds a page; empty for who is not logged in."""

    me: dict[str, Any] | None = None
    spaces: list[dict[str, Any]] = field(default_factory=list)
    overview: Overview = field(default_factory=Overview)

    @property
    def timezone(self) -> str | None:
        return self.me["timezone"] if self.me else None

    @property
    def space_ids(self) -> set[str]:
        return {space["id"] for space in self.spaces}

    def context(self) -> dict[str, Any]:
        return {
            "me": self.me,
            "spaces": self.spaces,
            "unread": self.overview.unread,
            "todo_count": len(self.overview.todo),
        }


class Frames:
    """Keeps for a moment who somebody is and where; what is unread is asked each time."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[float, str, dict[str, Any], list[dict[str, Any]]]] = OrderedDict()

    async def of(self, session: Session | None, api: Api, *, since_last_visit: bool = False) -> Frame:
        """The frame; what happened since the last visit only where that is wanted."""
        if session is None:
            return Frame()
        if since_last_visit:
            me, spaces = await self._kept_of(session, api)
            return Frame(me, spaces, await _overview(api, me["last_visit"]))
        (me, spaces), overview = await asyncio.gather(
            self._kept_of(session, api), _overview(api, utc_now().isoformat())
        )
        return Frame(me, spaces, overview)

    async def _kept_of(self, session: Session, api: Api) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        known = self._kept.get(session.id)
        if known is not None and known[0] > time.monotonic():
            return known[2], known[3]
        me, spaces = await asyncio.gather(api.get("me"), _spaces(api))
        self._kept[session.id] = (time.monotonic() + FRESH_S, session.account, me, spaces)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return me, spaces

    def forget(self, session: str) -> None:
        self._kept.pop(session, None)

    def forget_account(self, account: str) -> None:
        for session in [session for session, kept in self._kept.items() if kept[1] == account]:
            del self._kept[session]

    def forget_all(self) -> None:
        self._kept.clear()


async def _spaces(api: Api) -> list[dict[str, Any]]:
    """A page still stands where spaces does not answer."""
    try:
        items: list[dict[str, Any]] = (await api.get("spaces", limit=200))["items"]
    except ApiProblem as problem:
        if problem.status == 401:
            raise
        return []
    return items


async def _overview(api: Api, since: str | None) -> Overview:
    try:
        return Overview(**await api.get("overview", since=since))
    except ApiProblem as problem:
        if problem.status == 401:
            raise
        return Overview(missing=list(ITEM_SERVICES))
