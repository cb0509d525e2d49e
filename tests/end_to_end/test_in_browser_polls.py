"""Voting as people do it: with Chromium against a whole installation, by keyboard alone, and without scripts."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.chromium import check_accessible, complaints
from tests.end_to_end.people import Network
from tests.end_to_end.test_main_way import unique
from tests.end_to_end.visitor import LIVE, OpenPage, Visitor, reach

TOPICS = ["Praktikumsplätze", "Übergangsbilanz", "Eltern früher einbinden"]
WEIGHTING = {"kind": "weighting", "title": "Welche Themen zählen?", "options": [{"title": name} for name in TOPICS]}
SINGLE = {"kind": "single", "title": "Wann treffen wir uns?", "options": [{"title": "Vormittags"}, {"title": "Abends"}]}
RATING = {"kind": "rating", "title": "Wie war es?", "options": [{"title": "Zusammenarbeit"}]}
RANKING = {"kind": "ranking", "title": "Was zuerst?", "options": [{"title": "Daten"}, {"title": "Eltern"}]}
MULTIPLE = {"kind": "multiple", "title": "Welche Orte?", "options": [{"title": "Rathaus"}, {"title": "Kammer"}]}
MOTION = {"kind": "motion", "title": "Wir treten bei."}
FREE = {"kind": "text", "title": "Was fehlt?", "required": False}


async def ask(network: Network, *questions: dict[str, Any], **more: Any) -> str:
    """The address of a poll that is open now."""
    body = {"title": unique("Umfrage"), "questions": list(questions), **more}
    poll = await network.coordinator.post(f"spaces/{network.space}/polls", body)
    return f"/raum/{network.space}/umfragen/{poll['id']}"


async def at(page: Page, network: Network, person: str, path: str) -> Visitor:
    visitor = Visitor(page, network)
    await visitor.log_in(network.people[person])
    await visitor.go(path)
    return visitor


async def test_points_are_spread_by_keyboard_alone_and_the_rest_is_said(page: Page, network: Network) -> None:
    visitor = await at(page, network, "member", await ask(network, WEIGHTING))
    first, second, _ = (page.get_by_label(topic, exact=True) for topic in TOPICS)
    said = page.locator(".nr-sum__text")
    await expect(said).to_have_text("Noch 100 von 100 Punkten zu vergeben")
    await reach(page, page.get_by_role("button", name=f"5 Punkte mehr für {TOPICS[0]}"))
    await page.keyboard.press("Enter")
    await page.keyboard.press("Space")
    await expect(first).to_have_value("10")
    await expect(said).to_have_text("Noch 90 von 100 Punkten zu vergeben")
    await reach(page, second)
    await page.keyboard.type("99")
    await expect(said).to_have_text("9 Punkte zu viel vergeben")
    await page.keyboard.press("Control+A")
    await page.keyboard.type("90")
    await expect(said).to_have_text("Alle 100 Punkte vergeben")
    await reach(page, page.get_by_role("button", name="Abstimmen", exact=True))
    await page.keyboard.press("Enter")
    await visitor.is_told("Danke. Ihre Stimme ist gezählt.")
    await expect(second).to_have_value("90")


async def test_every_kind_of_question_is_answered_by_keyboard_alone(page: Page, network: Network) -> None:
    path = await ask(network, SINGLE, MULTIPLE, RATING, RANKING, MOTION, FREE)
    visitor = await at(page, network, "member", path)
    await reach(page, page.get_by_label("Vormittags"))
    await page.keyboard.press("Space")
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_label("Abends")).to_be_checked()
    await reach(page, page.get_by_label("Kammer"))
    await page.keyboard.press("Space")
    await reach(page, page.get_by_role("radiogroup", name="Zusammenarbeit").get_by_role("radio").first)
    await page.keyboard.press("ArrowRight")
    await reach(page, page.get_by_label("Daten", exact=True))
    await page.keyboard.type("Platz 2")
    await reach(page, page.get_by_label("Eltern", exact=True))
    await page.keyboard.type("Platz 1")
    await reach(page, page.get_by_label("Ja", exact=True))
    await page.keyboard.press("Space")
    await reach(page, page.get_by_label("6. Was fehlt?"))
    await page.keyboard.type("Zeit")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await visitor.is_told("Danke. Ihre Stimme ist gezählt.")
    poll = f"spaces/{network.space}/polls/{path.rpartition('/')[2]}"
    answers = (await network.people["member"].get(f"{poll}/ballot"))["answers"]
    given = {answer["question"]: answer["value"] for answer in answers}
    asked = (await network.people["member"].get(poll))["questions"]
    options = [[option["id"] for option in question["options"]] for question in asked]
    assert [given[question["id"]] for question in asked] == [
        options[0][1],
        [options[1][1]],
        {options[2][0]: 2},
        [options[3][1], options[3][0]],
        "yes",
        "Zeit",
    ]


async def test_without_scripts_the_server_says_what_is_missing(page_without_scripts: Page, network: Network) -> None:
    page = page_without_scripts
    visitor = await at(page, network, "member", await ask(network, WEIGHTING))
    await expect(page.locator(".nr-step button").first).to_be_hidden()
    await page.get_by_label(TOPICS[0], exact=True).fill("60")
    await visitor.press("Abstimmen")
    await expect(page.get_by_role("alert")).to_contain_text("100")
    await expect(page.get_by_label(TOPICS[0], exact=True)).to_have_value("60")
    await page.get_by_label(TOPICS[2], exact=True).fill("40")
    await visitor.press("Abstimmen")
    await visitor.is_told("Danke. Ihre Stimme ist gezählt.")


async def test_a_secret_poll_says_so_before_the_first_click(page: Page, axe: str, network: Network) -> None:
    visitor = await at(page, network, "member", await ask(network, SINGLE, FREE, secrecy="secret"))
    box = page.get_by_role("region", name="Diese Umfrage ist geheim")
    await expect(box).to_contain_text("Niemand kann feststellen, wie Sie abgestimmt haben")
    await expect(box).to_contain_text("mindestens fünf")
    assert await box.evaluate("(box, form) => !!(box.compareDocumentPosition(form) & 4)", await form_of(page))
    await check_accessible(page, axe)
    await page.get_by_label("Abends").check()
    await visitor.press("Abstimmen")
    await visitor.is_told("Danke. Ihre Stimme ist gezählt.")
    await expect(page.get_by_label("Abends")).not_to_be_checked()
    await visitor.sees("Niemand kann es lesen, auch Sie nicht.")


async def test_back_from_a_secret_vote_that_was_refused_at_first_shows_the_poll(page: Page, network: Network) -> None:
    """Neither the ballot nor a page of the browser about what it would have to send again."""
    path = await ask(network, SINGLE, FREE, secrecy="secret")
    visitor = await at(page, network, "member", path)
    await page.get_by_label("Was fehlt?").fill("Zeit")
    await visitor.press("Abstimmen")
    await expect(page.get_by_role("alert")).to_be_visible()
    await expect(page).to_have_url(re.compile(f"{path}$"))
    await page.get_by_label("Abends").check()
    await visitor.press("Abstimmen")
    await visitor.is_told("Danke. Ihre Stimme ist gezählt.")
    await page.go_back()
    await expect(page).to_have_url(re.compile(f"{path}$"))
    await visitor.sees("Niemand kann es lesen, auch Sie nicht.")
    await expect(page.get_by_label("Abends")).not_to_be_checked()


async def form_of(page: Page) -> Any:
    return await page.locator("form.nr-ballot").element_handle()


async def test_a_poll_is_written_with_several_questions_opened_and_found_among_what_waits(
    page: Page, open_page: OpenPage, network: Network
) -> None:
    title, errors = unique("Jahresprogramm"), complaints(page, unless=LIVE)
    visitor = Visitor(page, network)
    await visitor.log_in(network.coordinator)
    await visitor.go(f"{visitor.room}/umfragen/neu")
    await page.get_by_label("Titel", exact=True).fill(title)
    first = page.get_by_role("group", name="Frage 1")
    await first.get_by_label("Frage", exact=True).fill("Wann?")
    await first.get_by_label("Antworten").fill("Vormittags\nAbends")
    await page.evaluate("window.stays = true")
    await page.get_by_label("Weitere Frage").select_option("weighting")
    await visitor.press("Hinzufügen")
    second = page.get_by_role("group", name="Frage 2")
    await expect(second.get_by_label("Frage", exact=True)).to_be_focused()
    await page.keyboard.type("Was zählt?")
    await second.get_by_label("Antworten").fill("Daten\nEltern")
    await second.get_by_role("button", name="Frage 2 nach oben").click()
    await expect(first.get_by_label("Frage", exact=True)).to_have_value("Was zählt?")
    await second.get_by_label("Art der Frage").select_option("multiple")
    await expect(second.get_by_label("Höchstens so viele")).to_be_visible()
    await expect(second.get_by_label("Antworten")).to_have_value("Vormittags\nAbends")
    assert await page.evaluate("window.stays"), "with scripts the page stays where it is"
    await visitor.press("Veröffentlichen")
    await visitor.reads(title)
    assert errors == []
    asked = await at(await open_page(), network, "member", "/")
    row = asked.page.locator(".nr-todo__row", has_text=title)
    await row.get_by_role("link", name="Abstimmen").click()
    await asked.reads(title)


async def test_a_closed_poll_shows_bars_with_the_values_as_a_table(page: Page, axe: str, network: Network) -> None:
    path = await ask(network, SINGLE, RATING, WEIGHTING, RANKING, MOTION, FREE)
    poll = f"spaces/{network.space}/polls/{path.rpartition('/')[2]}"
    asked = (await network.coordinator.get(poll))["questions"]
    single, rating, weighting, ranking, motion, _ = (question["id"] for question in asked)
    options = {question["id"]: [option["id"] for option in question["options"]] for question in asked}
    answers = {
        single: options[single][1],
        rating: {options[rating][0]: 4},
        weighting: {options[weighting][0]: 100},
        ranking: options[ranking],
        motion: "yes",
    }
    ballot = {"answers": [{"question": question, "value": value} for question, value in answers.items()]}
    assert await network.people["member"].status("PUT", f"{poll}/ballot", ballot) == 201
    visitor = Visitor(page, network)
    await visitor.log_in(network.coordinator)
    await visitor.go(path)
    await visitor.choose("Umfrage schließen")
    await visitor.press("Endgültig schließen")
    await visitor.is_told("Die Umfrage ist geschlossen.")
    await check_accessible(page, axe)
    await page.get_by_role("link", name="Im Einzelnen").click()
    result = page.get_by_role("region", name="1. Wann treffen wir uns?")
    await expect(result.get_by_role("img")).to_be_visible()
    row = result.get_by_role("row", name="Abends")
    await expect(row.get_by_role("cell").first).to_have_text("1")
    await visitor.sees("Angenommen")
    await visitor.sees("Nach Vergleich in Paaren (Schulze)")
    await check_accessible(page, axe)


@pytest.mark.parametrize("path", ["", "/neu"])
async def test_the_pages_of_polls_are_accessible(page: Page, axe: str, network: Network, path: str) -> None:
    await ask(network, SINGLE)
    visitor = Visitor(page, network)
    await visitor.log_in(network.coordinator)
    errors = complaints(page, unless=LIVE)
    await visitor.go(f"{visitor.room}/umfragen{path}")
    await check_accessible(page, axe)
    assert errors == []
