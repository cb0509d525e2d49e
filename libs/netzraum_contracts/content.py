"""What content tells."""

from typing import ClassVar

from netzraum_contracts.items import ItemChanged


class NoticeChanged(ItemChanged):
    """A notice was written, changed, deleted or brought back."""

    TYPE: ClassVar = "content.notice.changed.v1"
