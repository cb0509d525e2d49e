"""What content, calendar and polls each know a part of: asked in parallel, put together in order.

A service that does not answer is named in ``missing``; the others' parts are shown all the same.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson

from netzraum_gateway.backend import Backend, Caller
from netzraum_gateway.routing import ITEM_SERVICES
from netzraum_platform.calls import Reply
from netzraum_platform.errors import DomainError, NotFound, Unavailable
from netzraum_platform.paging import DEFAULT_LIMIT, cursor_of

JSON = {"content-type": "application/json"}
LONGEST_LIST = 200
NEVER = "9999-12-31T00:00:00+00:00"

Parts = Mapping[str, Any]
"""The answers by service."""


class WrongMethod(DomainError):
    status, code = 405, "method_not_allowed"
    de, en = "Diese Anfrage gibt es hier nicht.", "There is no such request here."


@dataclass(frozen=True)
class Asked:
    """A request to all: ``path`` without its query."""

    method: str
    path: str
    query: Mapping[str, str]
    content: bytes
    caller: Caller

    @property
    def limit(self) -> int:
        given = self.query.get("limit", "")
        return min(max(int(given), 1), LONGEST_LIST) if given.isdigit() else DEFAULT_LIMIT


class Merged:
    """The paths that no single service answers."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def answer(self, method: str, path: str, query: str, content: bytes, caller: Caller) -> Reply:
        """
        Raises:
            Unavailable: no service answers.
        """
        asked = Asked(method, path, dict(parse_qsl(query)), content, caller)
        merge = MERGES.get(path.rsplit("/", 1)[-1])
        if merge is None:
            raise NotFound
        if (method == "POST") != (merge is merge_seen) or method not in ("GET", "HEAD", "POST"):
            raise WrongMethod
        replies = await self._ask(asked)
        if (refusal := _refusal(list(replies.values()))) is not None:
            return refusal
        parts = {name: reply.json() for name, reply in replies.items() if reply is not None and reply.status < 300}
        body = merge(parts, asked)
        if body is None:
            return Reply(204, {}, b"")
        if missing := sorted(name for name, reply in replies.items() if reply is None):
            body["missing"] = missing
        return Reply(200, JSON, orjson.dumps(body))

    async def _ask(self, asked: Asked) -> dict[str, Reply | None]:
        """The answers of all; None where one does not answer."""
        path = f"{asked.path}?{urlencode(asked.query)}" if asked.query else asked.path
        replies = await asyncio.gather(*(self._ask_one(name, path, asked) for name in ITEM_SERVICES))
        return dict(zip(ITEM_SERVICES, replies, strict=True))

    async def _ask_one(self, name: str, path: str, asked: Asked) -> Reply | None:
        headers = JSON if asked.content else None
        content = asked.content or None
        try:
            reply = await self._backend.request(
                name, asked.method, path, asked.caller, content=content, headers=headers
            )
        except Unavailable:
            return None
        return reply if reply.status < 500 else None


def _refusal(replies: Sequence[Reply | None]) -> Reply | None:
    """What to answer instead: the first refusal, where nobody has anything or one says that the request is wrong.

    Raises:
        Unavailable: nobody answers.
    """
    answered = [reply for reply in replies if reply is not None]
    if not answered:
        raise Unavailable(", ".join(ITEM_SERVICES))
    refused = [reply for reply in answered if reply.status >= 300]
    decisive = [reply for reply in refused if reply.status != 404 or len(refused) == len(answered)]
    return decisive[0] if decisive else None


def merge_overview(parts: Parts, asked: Asked) -> dict[str, Any]:
    return {
        "unread": merge_unread({name: part["unread"] for name, part in parts.items()}, asked),
        "activity": _newest(entry for part in parts.values() for entry in part["activity"]),
        "todo": _by_due(thing for part in parts.values() for thing in part["todo"]),
    }


def merge_unread(parts: Parts, _asked: Asked) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for part in parts.values():
        for space, counts in part.items():
            merged.setdefault(space, {}).update(counts)
    return merged


def merge_todo(parts: Parts, _asked: Asked) -> dict[str, Any]:
    return {"items": _by_due(thing for part in parts.values() for thing in part["items"])}


def merge_activity(parts: Parts, asked: Asked) -> dict[str, Any]:
    """A service's own cursor is the place (time, id) of the last entry: so is that of all together."""
    entries = _newest(entry for part in parts.values() for entry in part["items"])
    shown = entries[: asked.limit]
    more = len(entries) > len(shown) or any(part["next"] for part in parts.values())
    return {"items": shown, "next": cursor_of(shown[-1]["at"], shown[-1]["id"]) if more and shown else None}


def merge_gone(parts: Parts, _asked: Asked) -> dict[str, Any]:
    return {"number": sum(part["number"] for part in parts.values())}


def merge_visible(parts: Parts, _asked: Asked) -> dict[str, Any]:
    return {"items": [item for part in parts.values() for item in part["items"]]}


def merge_search(parts: Parts, asked: Asked) -> dict[str, Any]:
    """The nearest first, then the newest; as with ``merge_activity``, the place of the last hit is one in all."""
    hits = [hit for part in parts.values() for hit in part["items"]]
    hits.sort(key=lambda hit: (hit["rank"], _moment(hit["at"]), hit["item"]), reverse=True)
    shown = hits[: asked.limit]
    more = len(hits) > len(shown) or any(part["next"] for part in parts.values())
    last = shown[-1] if more and shown else None
    return {"items": shown, "next": cursor_of(last["rank"], last["at"], last["item"]) if last else None}


def merge_seen(_parts: Parts, _asked: Asked) -> None:
    """Nothing to tell."""


MERGES: Mapping[str, Callable[[Parts, Asked], dict[str, Any] | None]] = {
    "overview": merge_overview,
    "unread": merge_unread,
    "todo": merge_todo,
    "activity": merge_activity,
    "gone": merge_gone,
    "visible": merge_visible,
    "search": merge_search,
    "seen": merge_seen,
}


def _newest(entries: Any) -> list[dict[str, Any]]:
    return sorted(entries, key=lambda entry: (_moment(entry["at"]), entry["id"]), reverse=True)


def _by_due(things: Any) -> list[dict[str, Any]]:
    """What is due first; what is never due last."""
    return sorted(things, key=lambda thing: (thing["due"] is None, _moment(thing["due"] or NEVER), thing["title"]))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
