"""The public API as pages use it: in this process, with the access token of the browser session."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx
import orjson

from netzraum_gateway.backend import Backend, Caller
from netzraum_gateway.merged import Merged
from netzraum_gateway.routing import MERGED, PREFIX, target_of
from netzraum_platform.calls import PATIENT_S, TIMEOUT_S, Reply
from netzraum_platform.context import etag
from netzraum_platform.errors import DomainError, NotFound


class ApiProblem(Exception):
    """The API's problem document (RFC 9457)."""

    def __init__(self, status: int, document: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, document.get("code"))
        self.status = status
        self.document = document
        self.headers = headers or {}

    @classmethod
    def of(cls, error: DomainError, language: str) -> "ApiProblem":
        document = {"title": error.text(language), "status": error.status, "code": error.code, **error.extra}
        return cls(error.status, document, error.headers)

    def beside(self, field: str) -> "ApiProblem":
        """Itself, said beside the field of a form that it is about."""
        error = {"field": field, "code": self.document.get("code", ""), "message": self.document.get("title", "")}
        return ApiProblem(self.status, {**self.document, "errors": [error]}, self.headers)

    def in_form(self) -> "ApiProblem":
        """Itself, to be shown in a form with what was typed.

        Raises:
            ApiProblem: no form can show it, for nobody is logged in or there is no such thing.
        """
        if self.status in (401, 404):
            raise self
        return self


class Api:
    """Paths are those of the API without ``/api/v1/``. Every call raises ApiProblem where the API refuses."""

    def __init__(self, backend: Backend, merged: Merged, caller: Caller) -> None:
        self._backend = backend
        self._merged = merged
        self.caller = caller
        self.calls = backend.calls

    async def get(self, path: str, **query: object) -> Any:
        asked = urlencode({name: value for name, value in query.items() if value not in (None, "")})
        return await self.send("GET", f"{path}?{asked}" if asked else path)

    async def post(self, path: str, body: Mapping[str, Any] | None = None, *, key: str | None = None) -> Any:
        """``key`` makes a creating request that comes twice create once."""
        return await self.send("POST", path, body or {}, {"idempotency-key": key} if key else {})

    async def put(self, path: str, body: Mapping[str, Any] | None = None, *, version: object = None) -> Any:
        return await self.send("PUT", path, body or {}, _if_match(version))

    async def patch(self, path: str, body: Mapping[str, Any], *, version: object = None) -> Any:
        """``version`` is the one that the change starts from."""
        return await self.send("PATCH", path, body, _if_match(version))

    async def delete(self, path: str, body: Mapping[str, Any] | None = None, *, version: object = None) -> Any:
        return await self.send("DELETE", path, body, _if_match(version))

    async def send(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> Any:
        content = None if body is None else orjson.dumps(body)
        sent = {**(headers or {}), **({"content-type": "application/json"} if content is not None else {})}
        return (await self._answered(method, path, content, sent)).json()

    async def download(self, path: str) -> Reply:
        """A file, as it is."""
        return await self._answered("GET", path, None, {})

    async def upload(self, path: str, name: str, content: bytes, media_type: str) -> Any:
        """Send a file, as the field ``file`` of a form."""
        form = httpx.Request("POST", "http://netzraum", files={"file": (name, content, media_type)})
        headers = {"content-type": form.headers["content-type"]}
        return (await self._answered("POST", path, form.read(), headers, timeout_s=PATIENT_S)).json()

    async def _answered(
        self,
        method: str,
        path: str,
        content: bytes | None,
        headers: Mapping[str, str],
        timeout_s: float = TIMEOUT_S,
    ) -> Reply:
        """
        Raises:
            ApiProblem: the API refuses, or a service does not answer.
        """
        try:
            reply = await self._exchange(method, path, content, headers, timeout_s)
        except DomainError as error:
            raise ApiProblem.of(error, self.caller.language) from error
        if reply.status >= 300:
            raise ApiProblem(reply.status, _document(reply), reply.headers)
        return reply

    async def _exchange(
        self,
        method: str,
        path: str,
        content: bytes | None,
        headers: Mapping[str, str],
        timeout_s: float,
    ) -> Reply:
        """The API's own answer, whatever it is.

        Raises:
            NotFound: no path of the API.
            Unavailable: the service does not answer.
        """
        whole = PREFIX + path
        bare, _, query = whole.partition("?")
        target = target_of(bare)
        if target is None:
            raise NotFound
        if target.service == MERGED:
            return await self._merged.answer(method, bare, query, content or b"", self.caller)
        return await self._backend.request(
            target.service, method, whole, self.caller, content=content, headers=headers, timeout_s=timeout_s
        )


def _if_match(version: object) -> dict[str, str]:
    return {} if version is None else {"if-match": etag(version)}


def _document(reply: Reply) -> Mapping[str, Any]:
    try:
        document = reply.json()
    except orjson.JSONDecodeError:
        document = None
    return document if isinstance(document, dict) else {"status": reply.status, "code": "unavailable", "title": ""}
