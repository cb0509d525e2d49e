"""What content tells."""

import uuid
from typing import ClassVar

from netzraum_contracts.items import ItemChanged
from netzraum_platform.events import EventData


class NoticeChanged(ItemChanged):
    """A notice was written, changed, deleted or brought back."""

    TYPE: ClassVar = "content.notice.changed.v1"


class WikiPageChanged(ItemChanged):
    """A wiki page was written, changed, renamed, deleted or brought back."""

    TYPE: ClassVar = "content.wiki_page.changed.v1"


class WikiEditingChanged(EventData):
    """Somebody began to edit a wiki page, or ended it. Transient: told as it happens, kept nowhere.

    What goes on at the page is to be asked for, as not everybody may know.
    """

    TYPE: ClassVar = "content.wiki_page.editing_changed.v1"

    item: uuid.UUID
    tool: str
