"""The frame around a page: who is logged in, their spaces, what is unread and to do.

What was asked for once is kept for a moment, and asked for again as soon as the gateway hears that it is no longer
so: of who may be where by the access versions, of new items by their events, of what somebody does by the form that
they send.
"""

import asyncio
import time
import uuid
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import Any

from netzraum_gateway.api import Api, ApiProblem
from netzraum_gateway.routing import ITEM_SERVICES
from netzraum_gateway.sessions import Session
from netzraum_gateway.versions import AccessVersions
from netzraum_platform.database import utc_now

FRESH_S = 30.0
"""So long at most: what no event tells, like a membership that ends by its date, is seen in the frame this late."""
MOST_KEPT = 20_000
Unread = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Overview:
    """The answer of GET overview; ``missing`` names services that did not answer."""

    unread: Unread = field(default_factory=dict)
    activity: list[dict[str, Any]] = field(default_factory=list)
    todo: list[dict[str, Any]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def with_one_read(self, space: str, tool: str) -> "Overview":
        """One item fewer is unread."""
        counts = self.unread.get(space, {})
        fewer = {**counts, tool: max(0, counts.get(tool, 0) - 1)}
        return replace(self, unread={**self.unread, space: fewer})


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


@dataclass
class _Kept:
    """What is known of one session since ``asked_at`` (monotonic, in seconds)."""

    account: str
    frame: Frame
    asked_at: float
    spaces: dict[str, Any] = field(default_factory=dict)


class Frames:
    """Keeps frames, and the spaces in whose pages somebody is."""

    def __init__(self, versions: AccessVersions) -> None:
        self._versions = versions
        self._news: dict[str, float] = {}
        """When something was new in a space (monotonic, in seconds)."""
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    async def of(self, session: Session | None, api: Api, *, since_last_visit: bool = False) -> Frame:
        """The frame; what happened since the last visit only where that is wanted, and then as of now."""
        if session is None:
            return Frame()
        kept = self._known(session) or await self._ask(session, api)
        if not since_last_visit or kept.frame.me is None:
            return kept.frame
        return replace(kept.frame, overview=await _overview(api, kept.frame.me["last_visit"]))

    async def space(self, session: Session | None, api: Api, space: str) -> Any:
        """A space as its pages show it."""
        kept = self._known(session) if session is not None else None
        if kept is None or space not in kept.frame.space_ids:
            return await api.get(f"spaces/{space}")
        if space not in kept.spaces:
            kept.spaces[space] = await api.get(f"spaces/{space}")
        return kept.spaces[space]

    def one_read(self, session: Session, space: str, tool: str) -> None:
        """The holder of the session has opened an item that was unread."""
        if (kept := self._kept.get(session.id)) is not None:
            kept.frame = replace(kept.frame, overview=kept.frame.overview.with_one_read(space, tool))

    def something_new(self, space: uuid.UUID) -> None:
        """An item of the space changed."""
        self._news[str(space)] = time.monotonic()

    def forget(self, session: str) -> None:
        self._kept.pop(session, None)

    def forget_account(self, account: str) -> None:
        for session in [session for session, kept in self._kept.items() if kept.account == account]:
            del self._kept[session]

    def forget_all(self) -> None:
        self._kept.clear()

    def _known(self, session: Session) -> _Kept | None:
        kept = self._kept.get(session.id)
        if kept is None or kept.asked_at + FRESH_S < time.monotonic():
            return None
        return kept if all(self._changed_at(space) < kept.asked_at for space in kept.frame.space_ids) else None

    def _changed_at(self, space: str) -> float:
        return max(self._news.get(space, 0.0), self._versions.changed_at(uuid.UUID(space)))

    async def _ask(self, session: Session, api: Api) -> _Kept:
        """What did not answer is asked for again at the next page."""
        asked_at = time.monotonic()
        me, spaces, overview = await asyncio.gather(api.get("me"), _spaces(api), _overview(api, utc_now().isoformat()))
        kept = _Kept(session.account, Frame(me, spaces or [], overview), asked_at)
        if spaces is not None and not overview.missing:
            self._kept[session.id] = kept
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return kept


async def _spaces(api: Api) -> list[dict[str, Any]] | None:
    """A page still stands where spaces does not answer."""
    try:
        items: list[dict[str, Any]] = (await api.get("spaces", limit=200))["items"]
    except ApiProblem as problem:
        if problem.status == 401:
            raise
        return None
    return items


async def _overview(api: Api, since: str | None) -> Overview:
    try:
        return Overview(**await api.get("overview", since=since))
    except ApiProblem as problem:
        if problem.status == 401:
            raise
        return Overview(missing=list(ITEM_SERVICES))
