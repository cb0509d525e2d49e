"""Lists are in the order that they say, whatever page of them is asked for."""

import random
from datetime import timedelta
from typing import Any

import pytest

from netzraum_content.wiki.models import WikiPage
from netzraum_items.items import sort_title_of
from netzraum_platform.database import new_id, utc_now
from tests.content.wiki_room import WikiRoom

WORDS = (
    "Ölung",
    "öl",
    "Oel",
    "Ordnung",
    "Straße",
    "Strasse",
    "straßen",
    "Äpfel",
    "apfel",
    "Apfel",
    "Zeit",
    "ärger",
    "10",
    "9",
)
ORDERS = {
    "title": lambda page: (sort_title_of(page["title"]), page["id"]),
    "changed": lambda page: (page["updated_at"], page["id"]),
    "newest": lambda page: (page["created_at"], page["id"]),
}


async def _fill(wiki: WikiRoom, count: int) -> None:
    """Pages of titles and times of which many are the same."""
    dice, now = random.Random(5007), utc_now()
    async with wiki.world.service.app.database.transaction() as session:
        for number in range(count):
            at, changed = (now - timedelta(hours=dice.randrange(1, 9)) for _ in range(2))
            session.add(
                WikiPage(
                    id=new_id(),
                    space_id=wiki.place.id,
                    tree_id=wiki.place.id,
                    tool=WikiPage.TOOL,
                    classification=dice.choice(("internal", "confidential")),
                    author_id=new_id(),
                    title=dice.choice(WORDS),
                    slug=f"seite-{number}",
                    text="",
                    revision=1,
                    state="published",
                    created_at=at,
                    news_at=at,
                    updated_at=changed,
                    version=1,
                )
            )


@pytest.mark.parametrize("sort", ORDERS)
async def test_pages_of_a_list_are_the_whole_list_in_its_order(wiki: WikiRoom, sort: str) -> None:
    await _fill(wiki, 60)
    found: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        page = await wiki["member"].get(f"{wiki.path}/pages", sort=sort, limit=7, **cursor)
        found += page["items"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    whole = await wiki.listed(sort=sort)
    assert 10 < len(found) < 60
    assert [page["id"] for page in found] == [page["id"] for page in whole]
    assert found == sorted(found, key=ORDERS[sort], reverse=sort != "title")
