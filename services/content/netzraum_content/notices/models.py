"""What a notice has beside what every item has."""

import uuid
from typing import ClassVar

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from netzraum_contracts.content import NoticeChanged
from netzraum_items.items import Item
from netzraum_platform.database import Uuid
from netzraum_platform.text import to_plain


class Notice(Item):
    """A notice. Its validity is the item's ``visible_from`` and ``visible_until``."""

    __tablename__ = "notices"
    __mapper_args__ = {"polymorphic_identity": "notice"}  # noqa: RUF012  # read once by SQLAlchemy

    SERVICE: ClassVar = "content"
    TOOL: ClassVar = "notices"
    TYPE: ClassVar = "notice"
    EVENT: ClassVar = NoticeChanged

    id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)

    def searchable(self) -> str:
        return to_plain(self.text)
