"""Errors as RFC 9457 problem documents, in the caller's language."""

from typing import Any, ClassVar

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from netzraum_platform import dialect
from netzraum_platform.validation_texts import field_error, field_errors

DOCUMENTED: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "What went wrong, in the caller's language (RFC 9457)",
        "content": {
            "application/problem+json": {
                "schema": {
                    "type": "object",
                    "required": ["type", "title", "status", "code"],
                    "properties": {
                        "type": {"type": "string"},
                        "title": {"type": "string"},
                        "status": {"type": "integer"},
                        "code": {"type": "string"},
                        "reasons": {"type": "array", "items": {"type": "string"}},
                        "errors": {"type": "array", "items": {"type": "object"}},
                    },
                }
            }
        },
    }
}
"""How every error is described in a service's OpenAPI document."""
LANGUAGES = ("de", "en")
MEDIA_TYPE = "application/problem+json"

log = structlog.get_logger(__name__)


class DomainError(Exception):
    """An error that the caller can understand. Subclasses name status, code and the two texts.

    The texts may hold ``{names}`` that ``parameters`` fill; ``extra`` goes into the document as it is.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    de: ClassVar[str] = "Die Anfrage ist fehlerhaft."
    en: ClassVar[str] = "The request is faulty."

    def __init__(
        self,
        *,
        headers: dict[str, str] | None = None,
        extra: dict[str, Any] | None = None,
        **parameters: object,
    ) -> None:
        super().__init__(self.code, parameters)
        self.headers = headers or {}
        self.extra = extra or {}
        self.parameters = parameters

    def text(self, language: str) -> str:
        return (self.de if language == "de" else self.en).format(**self.parameters)


class NotFound(DomainError):
    """Also where the policy says that the existence stays hidden."""

    status, code = 404, "not_found"
    de, en = "Das gibt es hier nicht.", "There is no such thing here."


class Unauthenticated(DomainError):
    status, code = 401, "unauthenticated"
    de, en = "Bitte melden Sie sich an.", "Please log in."


class Forbidden(DomainError):
    """Refused in the open: carries the policy's reasons."""

    status, code = 403, "forbidden"
    de, en = "Das dürfen Sie hier nicht.", "You may not do that here."

    def __init__(self, reasons: list[str], **extra: object) -> None:
        super().__init__(extra={"reasons": reasons, **extra})
        self.reasons = reasons


class Conflict(DomainError):
    status, code = 409, "conflict"
    de, en = (
        "Das passt nicht zum jetzigen Stand.",
        "That does not fit the present state.",
    )


class VersionMismatch(DomainError):
    status, code = 412, "version_mismatch"
    de = "Inzwischen hat jemand anderes das geändert. Bitte laden Sie den neuen Stand."
    en = "Somebody else has changed this in the meantime. Please load the new version."


class VersionMissing(DomainError):
    status, code = 428, "version_missing"
    de = "Zum Ändern gehört If-Match mit dem ETag des gelesenen Standes."
    en = "An update needs If-Match with the ETag of the version that was read."


class Unprocessable(DomainError):
    """One or more fields are wrong: ``errors`` holds ``{"field", "code", "message"}``."""

    status, code = 422, "invalid"
    de, en = "Bitte prüfen Sie die Angaben.", "Please check the entries."

    def __init__(self, errors: list[dict[str, str]], **extra: object) -> None:
        super().__init__(extra={"errors": errors, **extra})


class TooMany(DomainError):
    status, code = 429, "too_many_requests"
    de, en = (
        "Zu viele Anfragen. Bitte warten Sie einen Moment.",
        "Too many requests. Please wait a moment.",
    )


class Unavailable(DomainError):
    """A thing that this service needs does not answer; nothing was changed and nothing is shown."""

    status, code = 503, "unavailable"
    de = "Gerade nicht verfügbar. Bitte versuchen Sie es gleich noch einmal."
    en = "Not available right now. Please try again in a moment."

    def __init__(self, missing: str, retry_after_s: int = 2) -> None:
        super().__init__(headers={"Retry-After": str(retry_after_s)}, extra={"missing": missing})


class TooLarge(DomainError):
    status, code = 413, "too_large"
    de, en = "Die Anfrage ist zu groß.", "The request is too large."


class Failed(DomainError):
    """A mistake of ours. The log has it, under the trace id."""

    status, code = 500, "failed"
    de = "Das hat nicht geklappt. Der Fehler liegt bei uns und ist verzeichnet."
    en = "That did not work. The mistake is ours, and it is on record."


def language_of(request: HTTPConnection) -> str:
    """The language of Accept-Language that we speak and that is wanted most (RFC 9110); German without one."""
    wanted = []
    for part in request.headers.get("accept-language", "").split(","):
        name, _, weight = part.partition(";")
        language = name.strip()[:2].lower()
        if language in LANGUAGES:
            wanted.append((_weight(weight), language))
    return max(wanted, key=lambda each: each[0])[1] if wanted else "de"


def _weight(parameter: str) -> float:
    try:
        return float(parameter.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0.0


def problem(error: DomainError, language: str) -> JSONResponse:
    body = {
        "type": f"urn:netzraum:problem:{error.code}",
        "title": error.text(language),
        "status": error.status,
        "code": error.code,
        **error.extra,
    }
    return JSONResponse(body, error.status, headers=error.headers, media_type=MEDIA_TYPE)


class _Framework(DomainError):
    """What the framework refuses by itself: wrong methods, bodies that cannot be read."""

    de, en = "Diese Anfrage ist hier nicht möglich.", "This request is not possible here."


FRAMEWORK_CODES = {405: "method_not_allowed", 406: "not_acceptable", 415: "unsupported_media_type"}


def _framework_error(failure: HTTPException) -> DomainError:
    known = {404: NotFound, 413: TooLarge}.get(failure.status_code)
    if known is not None:
        return known()
    error = _Framework(headers=dict(failure.headers or {}))
    error.status = failure.status_code  # type: ignore[misc]  # one class for all statuses of the framework
    error.code = FRAMEWORK_CODES.get(failure.status_code, "bad_request")  # type: ignore[misc]  # likewise
    return error


def _database_error(error: Exception, language: str) -> DomainError:
    """What a caller is told of an error of the database or of its driver."""
    if dialect.is_gone(error) or isinstance(error, OSError):
        log.error("dependency_missing", error=repr(error))
        return Unavailable("database")
    if isinstance(error, IntegrityError):
        log.warning("lost_race", error=str(error.orig))
        return Conflict()
    if dialect.is_unstorable(error):
        log.info("unstorable_value", error=repr(error))
        return Unprocessable([field_error("", "unstorable", language)])
    log.error("database_failed", exc_info=error)
    return Failed()


def install(app: FastAPI) -> None:
    """Answer every error of the app as a problem document."""

    @app.exception_handler(DomainError)
    async def _domain(request: Request, error: DomainError) -> JSONResponse:
        return problem(error, language_of(request))

    @app.exception_handler(RequestValidationError)
    async def _validation(request: Request, error: RequestValidationError) -> JSONResponse:
        language = language_of(request)
        return problem(Unprocessable(field_errors(error.errors(), language)), language)

    @app.exception_handler(StaleDataError)
    async def _stale(request: Request, _error: StaleDataError) -> JSONResponse:
        return problem(VersionMismatch(), language_of(request))

    @app.exception_handler(SQLAlchemyError)
    @app.exception_handler(OSError)
    @app.exception_handler(OverflowError)
    @app.exception_handler(UnicodeEncodeError)
    async def _database(request: Request, error: Exception) -> JSONResponse:
        language = language_of(request)
        return problem(_database_error(error, language), language)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        return problem(_framework_error(error), language_of(request))

    @app.exception_handler(Exception)
    async def _ours(request: Request, _error: Exception) -> JSONResponse:
        return problem(Failed(), language_of(request))
