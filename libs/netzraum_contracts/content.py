"""What content tells."""

from typing import ClassVar

from netzraum_contracts.items import ItemChanged


class NoticeChanged(ItemChanged):
    """A notice was written, changed, deleted or brought back."""

    TYPE: ClassVar = "content.notice.changed.v1"


class WikiPageChanged(ItemChanged):
    """A wiki page was written, changed, renamed, deleted or brought back."""

    TYPE: ClassVar = "content.wiki_page.changed.v1"
