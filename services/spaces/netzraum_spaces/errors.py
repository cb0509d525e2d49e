"""Errors that this service finds in single fields of a request."""

from netzraum_platform.context import RequestContext
from netzraum_platform.errors import Unprocessable
from netzraum_platform.validation_texts import message


def field_error(context: RequestContext, field: str, code: str, **parameters: object) -> dict[str, str]:
    """One field's error, with its text in the caller's language."""
    return {"field": field, "code": code, "message": message(code, context.language, **parameters)}


def wrong_field(context: RequestContext, field: str, code: str) -> Unprocessable:
    return Unprocessable([field_error(context, field, code)])
