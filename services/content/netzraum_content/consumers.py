"""The whole list of what content hears, beside the access data (netzraum_items.access)."""

from netzraum_content.notices import welcome
from netzraum_contracts.spaces import SpaceChanged
from netzraum_items.access import DIRECTORY_HANDLERS
from netzraum_platform.inbox import Handlers

HANDLERS: Handlers = {
    **DIRECTORY_HANDLERS,
    SpaceChanged: welcome.greet,
}
