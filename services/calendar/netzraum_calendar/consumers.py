"""The whole list of what calendar hears, beside the access data (netzraum_items.access)."""

from netzraum_items.access import DIRECTORY_HANDLERS
from netzraum_platform.inbox import Handlers

HANDLERS: Handlers = {**DIRECTORY_HANDLERS}
