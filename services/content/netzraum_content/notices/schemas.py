"""Notices in the API."""

from typing import Any, Literal

from pydantic import AwareDatetime

from netzraum_content.notices.models import Notice
from netzraum_items.on_item import Shown
from netzraum_items.schemas import ItemChange, ItemView, NewItem
from netzraum_platform.fields import Markdown
from netzraum_platform.text import to_html


class NewNotice(NewItem):
    """``valid_from`` inclusive, ``valid_until`` exclusive; without them from now on, and for good."""

    text: Markdown
    valid_from: AwareDatetime | None = None
    valid_until: AwareDatetime | None = None
    pinned: bool = False


class NoticeChange(ItemChange):
    text: Markdown = ""
    valid_from: AwareDatetime | None = None
    valid_until: AwareDatetime | None = None
    pinned: bool = False


class NoticeView(ItemView):
    """A notice as its reader gets it; ``html`` with ``?render=html``."""

    text: str | None
    html: str | None = None
    valid_from: AwareDatetime | None
    valid_until: AwareDatetime | None
    pinned: bool

    @classmethod
    def own_fields(cls, shown: Shown[Notice], render: Literal["html"] | None) -> dict[str, Any]:
        notice = shown.item
        text = None if shown.withheld else notice.text
        return {
            "text": text,
            "html": to_html(text) if render and text is not None else None,
            "valid_from": notice.visible_from,
            "valid_until": notice.visible_until,
            "pinned": notice.pinned,
        }
