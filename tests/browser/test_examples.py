"""Every example page in a real browser: accessible at every width, light and dark, and within the policy."""

from typing import Literal

import pytest
from playwright.async_api import Browser, Page

from tests.chromium import check_accessible, complaints, violations
from tests.gateway.examples import PAGES

LIVE = "/api/v1/live"  # the live updates have no server here
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.mark.parametrize("example", PAGES, ids=str)
async def test_page_is_accessible(page: Page, axe: str, example_site: str, example: object) -> None:
    errors = complaints(page, unless=LIVE)
    await page.goto(f"{example_site}/{example}")
    await check_accessible(page, axe)
    assert errors == []


@pytest.mark.parametrize("theme", SCHEMES)
async def test_chosen_theme_wins_over_the_device(page: Page, axe: str, example_site: str, theme: str) -> None:
    await page.emulate_media(color_scheme="light" if theme == "dark" else "dark")
    await page.goto(f"{example_site}/board-list?theme={theme}")
    assert await page.evaluate("getComputedStyle(document.documentElement).colorScheme") == theme
    assert await violations(page, axe) == []


async def test_open_menus_are_accessible(page: Page, axe: str, example_site: str) -> None:
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.goto(f"{example_site}/board-notice")
    for summary in await page.locator("summary").all():
        await summary.click()
        assert await violations(page, axe) == []


async def test_escape_closes_a_menu_and_gives_the_focus_back(page: Page, example_site: str) -> None:
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.goto(f"{example_site}/start")
    summary = page.locator(".nr-userbtn")
    await summary.click()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Escape")
    assert await page.locator("details[open]").count() == 0
    assert await summary.evaluate("element => element === document.activeElement")


async def test_navigation_of_a_space_opens_as_a_sheet_on_a_phone(page: Page, axe: str, example_site: str) -> None:
    await page.set_viewport_size({"width": 320, "height": 800})
    await page.goto(f"{example_site}/board-list")
    await page.locator(".nr-roombar__btn").click()
    assert await page.locator("#raumnav").is_visible()
    assert await violations(page, axe) == []
    await page.locator(".nr-side__close").click()
    assert not await page.locator("#raumnav").is_visible()


async def test_keyboard_reaches_the_content_past_the_navigation(page: Page, example_site: str) -> None:
    await page.goto(f"{example_site}/board-list")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "inhalt"


async def test_refused_form_puts_the_focus_on_what_is_wrong(page: Page, example_site: str) -> None:
    await page.goto(f"{example_site}/board-form-errors")
    assert await page.evaluate("document.activeElement.classList.contains('nr-errsum')")
    await page.locator(".nr-errsum a").first.click()
    assert await page.evaluate("document.activeElement.id") == "f-title"


async def test_choosing_personal_data_unfolds_purpose_and_date(page: Page, example_site: str) -> None:
    await page.goto(f"{example_site}/board-form")
    assert not await page.locator("#f-purpose").is_visible()
    await page.locator("input[value=personal]").check()
    assert await page.locator("#f-purpose").is_visible()


async def test_people_to_ask_are_found_while_one_types(page: Page, example_site: str) -> None:
    await page.goto(f"{example_site}/calendar-form-many-people")
    people = page.locator("#f-people label:visible")
    assert await people.count() == 40
    await page.locator("#f-find").fill("Cuno")
    assert [text.partition("\n")[0] for text in await people.all_inner_texts()] == ["Şule Şahin", "Person 7"]
    await page.locator("#f-find").press("Enter")
    assert page.url.endswith("many-people"), "nothing is sent by that"


@pytest.mark.parametrize("example", ["wiki-wiki_page", "wiki-wiki_page-start"])
async def test_the_menu_of_a_wiki_page_stays_in_its_line_on_a_phone(
    page: Page, example_site: str, example: str
) -> None:
    await page.set_viewport_size({"width": 320, "height": 800})
    await page.goto(f"{example_site}/{example}")
    tops = await page.locator(".nr-head__act > *").evaluate_all("all => all.map(each => each.getBoundingClientRect())")
    assert len(tops) == 3
    middles = [each["top"] + each["height"] / 2 for each in tops]
    assert max(middles) - min(middles) < 4


async def test_six_roles_stand_side_by_side(page: Page, example_site: str) -> None:
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.goto(f"{example_site}/members-roles-six")
    room, width = await page.locator(".nr-scroll").evaluate("box => [box.clientWidth, box.scrollWidth]")
    assert width <= room


async def test_form_can_be_filled_in_without_scripts(browser: Browser, example_site: str) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{example_site}/board-form")
    await page.locator("summary", has_text="Zweck").click()
    await page.locator("#f-purpose").fill("Vorbereitung")
    assert await page.locator("#f-purpose").input_value() == "Vorbereitung"
    await context.close()


async def test_filter_fills_the_list_without_leaving_the_page(page: Page, example_site: str) -> None:
    errors = complaints(page, unless=LIVE)
    await page.goto(f"{example_site}/board-list")
    await page.evaluate("window.stays = true")
    await page.locator("#filter-q").press_sequentially("Wohnheim")
    await page.get_by_text("Kein Aushang passt").wait_for()
    assert await page.evaluate("window.stays")
    assert "q=Wohnheim" in page.url
    assert errors == []


async def test_what_is_new_is_announced_and_moves_nothing(page: Page, example_site: str) -> None:
    await page.goto(f"{example_site}/board-list")
    titles = await page.locator(".nr-item__title").all_inner_texts()
    await page.evaluate("htmx.trigger('[data-nr-space]', 'nr:news')")
    await page.get_by_text("3 neue Aushänge – anzeigen").wait_for()
    assert await page.locator(".nr-item__title").all_inner_texts() == titles


async def test_message_can_be_put_away(page: Page, example_site: str) -> None:
    await page.goto(f"{example_site}/board-notice")
    assert await page.get_by_role("button", name="Rückgängig").is_visible()
    await page.get_by_role("button", name="Meldung schließen").click()
    assert await page.locator(".nr-toast").count() == 0


async def test_page_is_readable_at_twice_the_size(page: Page, example_site: str) -> None:
    await page.set_viewport_size({"width": 640, "height": 400})
    await page.goto(f"{example_site}/members-roles")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 640
