"""Every kind of question answered in Chromium, without scripts and by keyboard alone: refused, changed, counted."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.end_to_end.people import Network, Somebody
from tests.end_to_end.test_in_browser_polls import (
    FREE,
    MOTION,
    MULTIPLE,
    RANKING,
    RATING,
    SINGLE,
    TOPICS,
    WEIGHTING,
    ask,
    at,
)
from tests.end_to_end.visitor import reach

TWO_OF_THREE = {**MULTIPLE, "options": [*MULTIPLE["options"], {"title": "Schule"}], "max": 2}
EVERY_KIND = (SINGLE, TWO_OF_THREE, RATING, RANKING, WEIGHTING, MOTION, FREE)
WRITTEN = "Zeit & <b>Raum</b>,\nmehr nicht"
SENT = "Danke. Ihre Stimme ist gezählt."
CHANGED = "Ihre Stimme ist geändert. Nur die neue zählt."
UNREADABLE = "Niemand kann es lesen, auch Sie nicht."
# All that is chosen in the form, with the line ends as they are shown.
CHOSEN = """form => [...new FormData(form)]
    .filter(([name, value]) => name.startsWith("answers.") && value && value !== "0")
    .map(([name, value]) => [name, value.replaceAll("\\r\\n", "\\n")])"""


@pytest.fixture(scope="module")
async def others(network: Network) -> list[Somebody]:
    """Four who vote beside the member: a secret poll shows no result of fewer than five."""
    taken_in = [await network.take_in("member", key) for key in ("third", "fourth")]
    return [network.coordinator, network.people["moderator"], *taken_in]


def place(page: Page, option: str) -> Locator:
    return page.get_by_label(option, exact=True)


def rating(page: Page) -> Locator:
    return page.get_by_role("radiogroup", name="Zusammenarbeit").get_by_role("radio")


async def fill_in(page: Page) -> None:
    """A ballot that answers everything as it is asked."""
    await page.get_by_label("Vormittags").check()
    await page.get_by_label("Rathaus").check()
    await rating(page).nth(4).check()
    await place(page, "Daten").select_option("Platz 1")
    await place(page, "Eltern").select_option("Platz 2")
    await page.get_by_label(TOPICS[0], exact=True).fill("100")
    await page.get_by_label("Ja", exact=True).check()
    await page.get_by_label("7. Was fehlt?").fill(WRITTEN)


async def change_all(page: Page) -> None:
    """Out of that ballot another one, in every answer."""
    await page.get_by_label("Abends").check()
    await page.get_by_label("Rathaus").set_checked(False)
    await page.get_by_label("Kammer").check()
    await page.get_by_label("Schule").check()
    await rating(page).nth(1).check()
    await place(page, "Daten").select_option("Platz 2")
    await place(page, "Eltern").select_option("Platz 1")
    await page.get_by_label(TOPICS[0], exact=True).fill("60")
    await page.get_by_label(TOPICS[2], exact=True).fill("40")
    await page.get_by_label("Nein", exact=True).check()
    await page.get_by_label("7. Was fehlt?").fill("Doch nichts")


async def chosen(page: Page) -> list[list[str]]:
    answers: list[list[str]] = await page.locator("form.nr-ballot").evaluate(CHOSEN)
    return answers


async def vote_by_api(poll: str, voter: Somebody) -> None:
    """As ``fill_in`` does."""
    asked = (await voter.get(poll))["questions"]
    options = [[option["id"] for option in question["options"]] for question in asked]
    values = [
        options[0][0],
        [options[1][0]],
        {options[2][0]: 5},
        options[3],
        {options[4][0]: 100},
        "yes",
        WRITTEN,
    ]
    answers = [{"question": question["id"], "value": value} for question, value in zip(asked, values, strict=True)]
    assert await voter.status("PUT", f"{poll}/ballot", {"answers": answers}) == 201


def poll_of(network: Network, path: str) -> str:
    """Where the API has it."""
    return f"spaces/{network.space}/polls/{path.rpartition('/')[2]}"


@pytest.mark.parametrize("secrecy", ["open", "secret"])
async def test_every_kind_of_question_is_answered_changed_and_counted_without_scripts(
    page_without_scripts: Page, network: Network, others: list[Somebody], secrecy: str
) -> None:
    page, path = page_without_scripts, await ask(network, *EVERY_KIND, secrecy=secrecy)
    visitor = await at(page, network, "member", path)
    await fill_in(page)
    sent = await chosen(page)
    assert len(sent) == len(EVERY_KIND) + 1, "a ranking has two fields"
    await visitor.press("Abstimmen")
    await visitor.is_told(SENT)
    assert await chosen(page) == ([] if secrecy == "secret" else sent)
    if secrecy == "secret":
        await visitor.sees(UNREADABLE)
        await fill_in(page)
    await change_all(page)
    sent = await chosen(page)
    await visitor.press("Meine Stimme ersetzen")
    await visitor.is_told(CHANGED)
    assert await chosen(page) == ([] if secrecy == "secret" else sent)
    for voter in others:
        await vote_by_api(poll_of(network, path), voter)
    await network.coordinator.post(f"{poll_of(network, path)}/close")
    await visitor.go(f"{path}/ergebnis")
    await shows_result(page, mine=secrecy == "open")
    await expect(page.get_by_text("Wer wie abgestimmt hat").first).to_be_visible(visible=secrecy == "open")


async def shows_result(page: Page, *, mine: bool) -> None:
    """Four ballots as in ``fill_in``, one as in ``change_all``."""
    voted, my_rating, my_points = (" – Ihre Stimme", ["2"], ["60"]) if mine else ("", [], [])
    rows = {
        "1. Wann treffen wir uns?": [["Vormittags", "4", "80 %"], [f"Abends{voted}", "1", "20 %"]],
        "2. Welche Orte?": [
            ["Rathaus", "4", "80 %"],
            [f"Kammer{voted}", "1", "20 %"],
            [f"Schule{voted}", "1", "20 %"],
        ],
        "3. Wie war es?": [["Zusammenarbeit", "4,4", *my_rating]],
        "4. Was zuerst?": [["Daten", "4"], ["Eltern", "1"]],
        "5. Welche Themen zählen?": [
            [TOPICS[0], "92", *my_points],
            [TOPICS[2], "8", *(["40"] if mine else [])],
            [TOPICS[1], "0", *(["–"] if mine else [])],
        ],
        "6. Wir treten bei.": [["Ja", "4", "80 %"], [f"Nein{voted}", "1", "20 %"], ["Enthaltung", "0", "0 %"]],
    }
    for question, values in rows.items():
        result = page.get_by_role("region", name=question, exact=True)
        table = result.get_by_role("region", name=f"Werte zu: {question}").locator("tbody tr")
        shown = await table.evaluate_all("rows => rows.map(row => [...row.cells].map(cell => cell.innerText))")
        assert [[cell.replace("\xa0", " ") for cell in row] for row in shown] == values
    ranking, motion, free = (
        page.get_by_role("region", name=question, exact=True)
        for question in ("4. Was zuerst?", "6. Wir treten bei.", "7. Was fehlt?")
    )
    assert await ranking.locator(".nr-order li").all_inner_texts() == ["Daten", "Eltern"]
    await expect(motion).to_contain_text("Angenommen")
    written = free.locator(".nr-voices li")
    assert sorted(await written.all_inner_texts()) == ["Doch nichts", *[WRITTEN] * 4]


@pytest.mark.parametrize("secrecy", ["open", "secret"])
async def test_a_refused_ballot_says_what_is_wrong_and_keeps_all_that_was_chosen_without_scripts(
    page_without_scripts: Page, network: Network, secrecy: str
) -> None:
    page, path = page_without_scripts, await ask(network, *EVERY_KIND, secrecy=secrecy)
    visitor = await at(page, network, "member", path)
    await fill_in(page)
    await place(page, "Eltern").select_option("Platz 1")
    await page.get_by_label("Kammer").check()
    await page.get_by_label("Schule").check()
    await page.get_by_label(TOPICS[0], exact=True).fill("99")
    await is_refused(page, "Frage 4: Zwei Antworten haben denselben Platz. Vergeben Sie jeden Platz nur einmal.")
    await place(page, "Eltern").select_option("Platz 2")
    await is_refused(
        page,
        "Frage 2: Bitte wählen Sie 1 bis 2.",
        "Frage 5: Es sind genau 100 Punkte zu verteilen.",
    )
    await page.get_by_label("Schule").set_checked(False)
    await page.get_by_label(TOPICS[1], exact=True).fill("1")
    await visitor.press("Abstimmen")
    await visitor.is_told(SENT)


async def is_refused(page: Page, *words: str) -> None:
    """In these words, with all that was chosen still there."""
    sent = await chosen(page)
    await page.get_by_role("button", name="Abstimmen", exact=True).click()
    told = page.get_by_role("alert").get_by_role("listitem")
    await expect(told).to_have_text(list(words))
    assert await chosen(page) == sent


async def test_what_is_missing_is_said_question_by_question_without_scripts(
    page_without_scripts: Page, network: Network
) -> None:
    page = page_without_scripts
    await at(page, network, "member", await ask(network, *EVERY_KIND))
    missing = [f"Frage {number}: Diese Angabe fehlt." for number in range(1, 7)]
    await is_refused(page, *missing)
    await page.get_by_label("Abends").check()
    await is_refused(page, *missing[1:])


async def test_a_vote_that_is_final_cannot_be_changed_without_scripts(
    page_without_scripts: Page, network: Network
) -> None:
    page, path = page_without_scripts, await ask(network, SINGLE, change_allowed=False)
    visitor = await at(page, network, "member", path)
    await visitor.sees("Ihre Stimme lässt sich nicht ändern.")
    await page.get_by_label("Abends").check()
    await visitor.press("Abstimmen")
    await visitor.is_told(SENT)
    await visitor.sees("Ihre Stimme ist gezählt und lässt sich nicht mehr ändern.")
    await expect(page.locator("form.nr-ballot")).to_have_count(0)


async def test_a_secret_ballot_is_put_right_and_changed_by_keyboard_alone(page: Page, network: Network) -> None:
    visitor = await at(page, network, "member", await ask(network, TWO_OF_THREE, RANKING, secrecy="secret"))
    for venue in ("Rathaus", "Kammer", "Schule"):
        await reach(page, page.get_by_label(venue))
        await page.keyboard.press("Space")
    await rank(page, "Daten", "Eltern")
    await send(page, "Abstimmen")
    await expect(page.get_by_role("alert")).to_be_focused()
    await reach(page, page.get_by_role("alert").get_by_role("link"))
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("Rathaus")).to_be_focused()
    await page.keyboard.press("Space")
    await send(page, "Abstimmen")
    await visitor.is_told(SENT)
    assert await chosen(page) == []
    await reach(page, page.get_by_label("Schule"))
    await page.keyboard.press("Space")
    await rank(page, "Eltern", "Daten")
    await send(page, "Meine Stimme ersetzen")
    await visitor.is_told(CHANGED)


async def rank(page: Page, *options: str) -> None:
    """Give the places in this order, with the keyboard."""
    for number, option in enumerate(options, start=1):
        await reach(page, place(page, option))
        await page.keyboard.type(f"Platz {number}")


async def send(page: Page, name: str) -> None:
    """By the button, with the keyboard."""
    await reach(page, page.get_by_role("button", name=name, exact=True))
    await page.keyboard.press("Enter")
