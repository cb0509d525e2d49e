"""What a browser keeps for us: the session, how the page looks, what has just been done, and a log-in half done."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from starlette.requests import Request
from starlette.responses import Response

from netzraum_gateway import words
from netzraum_gateway.settings import GatewaySettings
from netzraum_platform.errors import LANGUAGES, language_of

THEMES = ("auto", "light", "dark")
YEAR_S = 365 * 24 * 3600
FLASH_S = 120
ATTEMPT_S = 300


def is_local(path: str) -> bool:
    """Whether a path leads to a page of ours, and nowhere else."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path


@dataclass(frozen=True)
class Display:
    """How somebody wants the page: theme, size, the language of who is not logged in, the state whose holidays show."""

    theme: str = "auto"
    large: bool = False
    language: str | None = None
    state: str = ""

    @classmethod
    def of(cls, value: str) -> "Display":
        given = dict(parse_qsl(value))
        theme, language = given.get("theme", ""), given.get("language")
        return cls(
            theme=theme if theme in THEMES else "auto",
            large=bool(given.get("large")),
            language=language if language in LANGUAGES else None,
            state=given.get("state", ""),
        )

    def changed(self, sent: Mapping[str, str]) -> "Display":
        """With what a form sent; the rest stays."""
        return Display.of(urlencode({**dict(parse_qsl(str(self))), **sent}))

    def __str__(self) -> str:
        large = "1" if self.large else ""
        shown = {"theme": self.theme, "large": large, "language": self.language or "", "state": self.state}
        return urlencode(shown)


class Cookies:
    """Reads and writes them, with the prefix and the attributes that the installation's address calls for."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._secure = settings.secure
        self._prefix = "__Host-" if settings.secure else ""
        secret = settings.secret.get_secret_value().encode()
        self._key = OctKey.import_key(hashlib.sha256(b"cookies" + secret).digest())

    def session(self, request: Request) -> str | None:
        return self._get(request, "netzraum")

    def keep_session(self, response: Response, secret: str) -> None:
        self._set(response, "netzraum", secret, None)

    def drop_session(self, response: Response) -> None:
        self._drop(response, "netzraum")

    def guest(self, request: Request) -> str | None:
        """What stands in for a session in the CSRF tokens of who is not logged in."""
        return self._get(request, "netzraum-gast")

    def keep_guest(self, response: Response, secret: str) -> None:
        self._set(response, "netzraum-gast", secret, None)

    def display(self, request: Request) -> Display:
        return Display.of(self._get(request, "netzraum-ansicht") or "")

    def keep_display(self, response: Response, display: Display) -> None:
        self._set(response, "netzraum-ansicht", str(display), YEAR_S)

    def flash(self, request: Request) -> dict[str, str | None] | None:
        """What has just been done, and the path that undoes it."""
        given = dict(parse_qsl(self._get(request, "netzraum-hinweis") or ""))
        if given.get("code") not in words.tables()["MESSAGES"]:
            return None
        undo = given.get("undo", "")
        return {"code": given["code"], "undo": undo if is_local(undo) else None}

    def keep_flash(self, response: Response, code: str, undo: str | None = None) -> None:
        self._set(response, "netzraum-hinweis", urlencode({"code": code, "undo": undo or ""}), FLASH_S)

    def drop_flash(self, response: Response) -> None:
        self._drop(response, "netzraum-hinweis")

    def attempt(self, request: Request) -> dict[str, Any] | None:
        """The log-in that waits for its second factor, within its five minutes."""
        sealed = self._get(request, "netzraum-anmeldung")
        if not sealed:
            return None
        try:
            opened = orjson.loads(jwe.decrypt_compact(sealed, self._key).plaintext or b"{}")
        except (JoseError, ValueError):
            return None
        return opened if isinstance(opened, dict) and opened.get("until", 0) > time.time() else None

    def keep_attempt(self, response: Response, **credentials: str) -> None:
        plain = orjson.dumps({**credentials, "until": time.time() + ATTEMPT_S})
        sealed = jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM"}, plain, self._key)
        self._set(response, "netzraum-anmeldung", sealed, ATTEMPT_S)

    def drop_attempt(self, response: Response) -> None:
        self._drop(response, "netzraum-anmeldung")

    def language(self, request: Request) -> str:
        return self.display(request).language or language_of(request)

    def _get(self, request: Request, name: str) -> str | None:
        return request.cookies.get(self._prefix + name)

    def _set(self, response: Response, name: str, value: str, max_age_s: int | None) -> None:
        response.set_cookie(
            self._prefix + name, value, max_age=max_age_s, httponly=True, secure=self._secure, samesite="lax"
        )

    def _drop(self, response: Response, name: str) -> None:
        response.delete_cookie(self._prefix + name, httponly=True, secure=self._secure, samesite="lax")
