"""Light and dark differ in colours alone, so that what axe-core finds by any other rule it finds in both."""

from typing import Any

import pytest
from playwright.async_api import Page

from tests.chromium import BY_COLOUR, WIDTHS
from tests.gateway.examples import PAGES

OF_EVERY_PART = list({example.template.partition("/")[0]: example for example in PAGES}.values())
BEYOND_AA = {"color-contrast-enhanced"}
# Each element with what says whether it is seen, where, how large, and in what letters.
LAID_OUT = """() => [...document.querySelectorAll("*")].map(element => {
    const { display, visibility, opacity, fontSize, fontWeight, textDecorationLine } = getComputedStyle(element)
    const { x, y, width, height } = element.getBoundingClientRect()
    const { outerHTML } = element.cloneNode()
    return { outerHTML, display, visibility, opacity, fontSize, fontWeight, textDecorationLine, x, y, width, height }
})"""
# What the style sheets say for one scheme alone: the names of the properties.
SAID_OF_A_SCHEME = """() => {
    const said = (rules, within) => [...rules].flatMap(rule => {
        const here = within || /color-scheme|kern-(theme|light|dark)/.test(rule.conditionText || rule.selectorText)
        return [...(here && rule.style || []), ...said(rule.cssRules || [], here)]
    })
    return [...new Set([...document.styleSheets].flatMap(sheet => said(sheet.cssRules, false)))]
}"""


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("example", OF_EVERY_PART, ids=str)
async def test_the_dark_scheme_hides_shows_and_moves_nothing(
    page: Page, example_site: str, example: object, width: int
) -> None:
    await page.set_viewport_size({"width": width, "height": 800})
    await page.goto(f"{example_site}/{example}")
    light, dark = await laid_out(page, "light"), await laid_out(page, "dark")
    assert light == dark


async def laid_out(page: Page, scheme: Any) -> list[dict[str, Any]]:
    await page.emulate_media(color_scheme=scheme)
    elements: list[dict[str, Any]] = await page.evaluate(LAID_OUT)
    return elements


async def test_style_sheets_say_nothing_but_colours_for_one_scheme(page: Page, example_site: str) -> None:
    await page.goto(f"{example_site}/start")
    properties = await page.evaluate(SAID_OF_A_SCHEME)
    assert len(properties) > 20, "the rules are found"
    assert [name for name in properties if "color" not in name] == []


async def test_these_are_all_rules_that_look_at_colours(page: Page, axe: str, example_site: str) -> None:
    await page.goto(f"{example_site}/start")
    await page.evaluate(axe)
    rules = await page.evaluate("axe.getRules(['cat.color']).map(rule => rule.ruleId)")
    assert set(rules) == {*BY_COLOUR, *BEYOND_AA}
