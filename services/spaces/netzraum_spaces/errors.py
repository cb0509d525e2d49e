"""Errors that this service finds in single fields of a request."""

from netzraum_platform.context import RequestContext
from netzraum_platform.errors import Unprocessable
from netzraum_platform.validation_texts import field_error


def wrong_field(context: RequestContext, field: str, code: str) -> Unprocessable:
    return Unprocessable([field_error(field, code, context.language)])
