"""The services behind the gateway: every call carries who asks, the language, and the access versions known."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from netzraum_gateway.routing import target_of
from netzraum_gateway.versions import HEADER, AccessVersions
from netzraum_platform.calls import TIMEOUT_S, Calls, Reply
from netzraum_platform.errors import NotFound
from netzraum_platform.telemetry import current_traceparent


@dataclass(frozen=True)
class Caller:
    """Who asks: the access token (None for somebody who is not logged in), the language, the client's address."""

    token: str | None
    language: str
    address: str
    agent: str = ""


class Backend:
    """All services, with what was learned from them of access versions."""

    def __init__(self, calls: Calls, versions: AccessVersions) -> None:
        self.calls = calls
        self.versions = versions

    def headers(self, caller: Caller, space: uuid.UUID | None) -> dict[str, str]:
        """The headers that the gateway alone writes."""
        given = {
            "accept-language": caller.language,
            "x-forwarded-for": caller.address,
            "user-agent": caller.agent,
            "authorization": f"Bearer {caller.token}" if caller.token else None,
            "traceparent": current_traceparent(),
            HEADER: self.versions.header_for(space),
        }
        return {name: value for name, value in given.items() if value}

    async def request(
        self,
        service: str,
        method: str,
        path: str,
        caller: Caller,
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> Reply:
        """
        Raises:
            NotFound: no path of the API.
            Unavailable: the service does not answer.
        """
        target = target_of(path.partition("?")[0])
        if target is None:
            raise NotFound
        sent = {**self.headers(caller, target.space), **(headers or {})}
        reply = await self.calls.request(
            service, method, path, json=json, content=content, headers=sent, timeout_s=timeout_s
        )
        if learned := reply.headers.get(HEADER):
            self.versions.learn_header(learned)
        return reply
