"""What is done with notices, beside what is done with every item."""

from netzraum_content.notices.models import Notice
from netzraum_content.notices.schemas import NewNotice, NoticeChange
from netzraum_items import life
from netzraum_items.authorize import InSpace, Resource
from netzraum_items.on_item import OnItem, Shown

PIN = {"pinned": "pin"}
_COLUMNS = {"valid_from": "visible_from", "valid_until": "visible_until"}


async def create(room: InSpace, new: NewNotice) -> Shown[Notice]:
    """Write a notice, as a draft or published at once."""
    if new.pinned:
        unpinned = Resource(Notice.TYPE, own=True, classification=new.classification)
        await room.decide(Notice.action("pin"), unpinned)
    return await life.create(
        room,
        Notice,
        new,
        text=new.text,
        visible_from=new.valid_from,
        visible_until=new.valid_until,
        pinned=new.pinned,
    )


async def update(on: OnItem[Notice], change: NoticeChange, if_match: str) -> Shown[Notice]:
    """Change a notice; a draft is published by its state."""
    columns = {_COLUMNS.get(name, name): value for name, value in change.given().items()}
    return await life.update(on, columns, if_match=if_match, reason=change.reason, verbs=PIN)
