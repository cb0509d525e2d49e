"""An open page lets go of what its reader may no longer see, without being loaded anew by hand."""

import pytest
from playwright.async_api import expect

from tests.end_to_end.items_of_tools import KINDS
from tests.end_to_end.people import Network
from tests.end_to_end.test_main_way import unique
from tests.end_to_end.visitor import OpenPage, Visitor

NO_PAGE = "Diese Seite gibt es nicht"
GONE = "Dieser Eintrag ist nicht mehr da."


@pytest.fixture
async def reader(open_page: OpenPage, network: Network) -> Visitor:
    """A member, who does not see what is confidential."""
    visitor = Visitor(await open_page(), network)
    await visitor.log_in(network.people["member"])
    return visitor


async def knows_its_items(visitor: Visitor) -> None:
    """Wait until the page has been told what of it is there."""
    await expect(visitor.page.locator("body[data-nr-heard]")).to_be_attached()


@pytest.mark.parametrize("tool", KINDS)
async def test_an_open_item_goes_when_it_is_raised_above_its_reader(
    reader: Visitor, network: Network, tool: str
) -> None:
    kind, title = KINDS[tool], unique("Offen")
    item = await kind.made(network, title)
    await reader.go(kind.home(network, item))
    await reader.reads(title)
    await knows_its_items(reader)
    await network.coordinator.change(kind.api(network, item), {"classification": "confidential"})
    await reader.reads(NO_PAGE)
    await expect(reader.page.get_by_text(title)).to_have_count(0)


async def test_an_open_wiki_page_goes_when_it_is_deleted(reader: Visitor, network: Network) -> None:
    title = unique("Wikiseite")
    slug = title.lower().replace(" ", "-")
    path = f"spaces/{network.space}/wiki/pages/{slug}"
    await network.coordinator.change(path, {"title": title, "text": "Text"}, "PUT")
    await reader.go(f"{reader.room}/wiki/{slug}")
    await reader.reads(title)
    await knows_its_items(reader)
    assert await network.coordinator.status("DELETE", path) == 204
    await reader.reads(NO_PAGE)


@pytest.mark.parametrize(("tool", "of_all_spaces"), [("notices", False), ("polls", False), ("notices", True)])
async def test_in_an_open_list_words_take_the_place_of_what_is_gone(
    reader: Visitor, network: Network, tool: str, of_all_spaces: bool
) -> None:
    kind, raised, kept = KINDS[tool], unique("Bald fort"), unique("Bleibt")
    item = await kind.made(network, raised)
    await kind.made(network, kept)
    await reader.go("/" if of_all_spaces else kind.home(network))
    await reader.sees(raised)
    await knows_its_items(reader)
    await network.coordinator.change(kind.api(network, item), {"classification": "confidential"})
    await reader.sees(GONE)
    await expect(reader.page.get_by_role("main").get_by_text(raised)).to_have_count(0)
    await reader.sees(kept)
