"""Polls are written by the page, without JavaScript, opened, closed, and their outcome stated."""

import re

import pytest

from tests.end_to_end.installations import PASSWORD
from tests.end_to_end.people import Network
from tests.gateway.asking import RANKING, SINGLE, WEIGHTING, ask, fields, main
from tests.gateway.browser import Browser
from tests.gateway.conftest import InProcess


@pytest.fixture
def home(network: Network) -> str:
    return f"/raum/{network.space}/umfragen"


async def press(browser: Browser, action: str, act: str, **typed: str) -> None:
    """A button of the poll's form that saves nothing."""
    await browser.submit(action, act=act, **typed)
    assert browser.page.status_code == 200, browser.text


async def test_questions_are_added_moved_and_removed_and_nothing_typed_is_lost(coordinator: Browser, home: str) -> None:
    new = f"{home}/neu"
    await coordinator.open(new)
    typed = {"title": "Jahresprogramm", "questions.0.title": "Wann?", "questions.0.options": "Montags\nDienstags"}
    await press(coordinator, new, "add", add_kind="weighting", closes_at="2030-01-31T18:00", **typed)
    form = fields(coordinator, new)
    assert form["count"] == "2"
    assert form["questions.0.title"] == "Wann?"
    assert form["questions.1.kind"] == "weighting"
    assert form["closes_at"] == "2030-01-31T18:00"
    await press(coordinator, new, "up:1", **{"questions.1.title": "Was zählt?", "questions.1.options": "A\nB"})
    form = fields(coordinator, new)
    assert (form["questions.0.title"], form["questions.1.title"]) == ("Was zählt?", "Wann?")
    assert form["questions.1.options"].split() == ["Montags", "Dienstags"]
    await press(coordinator, new, "remove:0")
    form = fields(coordinator, new)
    assert (form["count"], form["questions.0.title"], form["title"]) == ("1", "Wann?", "Jahresprogramm")


async def test_a_question_becomes_another_kind_and_keeps_its_words(coordinator: Browser, home: str) -> None:
    new = f"{home}/neu"
    await coordinator.open(new)
    typed = {"questions.0.title": "Was zählt?", "questions.0.options": "A\nB"}
    await press(coordinator, new, "kind:0", **{"questions.0.kind": "motion", **typed})
    assert "Mindestbeteiligung" in coordinator.text
    await press(coordinator, new, "kind:0", **{"questions.0.kind": "weighting"})
    form = fields(coordinator, new)
    assert form["questions.0.points"] == "100"
    assert form["questions.0.options"].split() == ["A", "B"]


async def test_what_is_wrong_with_an_answer_is_said_at_the_answers_and_names_it(
    coordinator: Browser, home: str
) -> None:
    new = f"{home}/neu"
    await coordinator.open(new)
    long = f"Donnerstags {'immer ' * 60}"
    typed = {"title": "Wann?", "questions.0.title": "Wann?", "questions.0.options": f"Montags\n\n{long}\n{long}"}
    reply = await coordinator.submit(new, state="published", **typed)
    assert reply.status_code == 422
    beside = coordinator.text.partition('id="f-questions.0.options-error"')[2].partition("</p>")[0]
    assert "Antwort 2 („Donnerstags immer" in beside
    assert "Antwort 3 („Donnerstags immer" in beside
    assert 'href="#f-questions.0.options"' in coordinator.text
    assert "options.1.title" not in coordinator.text


async def test_enter_in_a_line_saves_nothing(network: Network, coordinator: Browser, home: str) -> None:
    await coordinator.open(f"{home}/neu")
    first = re.search(r'<form class="nr-form".*?<button([^>]*)>', coordinator.text, flags=re.DOTALL)
    assert first is not None
    assert 'name="act" value="stay"' in first[1]
    await press(coordinator, f"{home}/neu", "stay", title="Noch nicht fertig")
    assert fields(coordinator, f"{home}/neu")["title"] == "Noch nicht fertig"
    found = await network.coordinator.get(f"spaces/{network.space}/polls?q=Noch+nicht+fertig&state=current,draft")
    assert found["items"] == []


async def test_a_poll_of_every_kind_is_written_by_its_form(network: Network, coordinator: Browser, home: str) -> None:
    new = f"{home}/neu"
    await coordinator.open(new)
    for kind in ("multiple", "rating", "weighting", "ranking", "motion", "text"):
        await press(coordinator, new, "add", add_kind=kind)
    typed = {f"questions.{number}.title": f"Frage {number}" for number in range(7)}
    typed |= {f"questions.{number}.options": "Eins\n\n Zwei \nDrei" for number in range(5)}
    await coordinator.submit(
        new,
        title="Alles auf einmal",
        state="published",
        **typed,
        **{"questions.1.max": "2", "questions.5.quorum": "50", "questions.5.majority": "two_thirds"},
    )
    assert "Die Umfrage ist veröffentlicht." in coordinator.text
    poll = await network.coordinator.get(f"spaces/{network.space}/polls/{coordinator.path.rpartition('/')[2]}")
    kinds = [question["kind"] for question in poll["questions"]]
    assert kinds == ["single", "multiple", "rating", "weighting", "ranking", "motion", "text"]
    assert [option["title"] for option in poll["questions"][0]["options"]] == ["Eins", "Zwei", "Drei"]
    assert poll["questions"][1]["max"] == 2
    assert (poll["questions"][5]["quorum"], poll["questions"][5]["majority"]) == (50, "two_thirds")


async def test_what_is_wrong_with_a_question_stands_beside_it(coordinator: Browser, home: str) -> None:
    new = f"{home}/neu"
    await coordinator.open(new)
    typed = {"questions.0.title": "Wann?", "questions.0.options": "Nur eine"}
    reply = await coordinator.submit(new, title="Zu wenig", state="published", **typed)
    assert reply.status_code == 422
    assert 'href="#f-questions.0.options"' in coordinator.text
    assert 'id="f-questions.0.options-error"' in coordinator.text
    assert fields(coordinator, new)["questions.0.options"].strip() == "Nur eine"
    await coordinator.submit(new, title="Zu wenig", state="published", **{**typed, "questions.0.title": ""})
    for field in ("title", "options"):
        assert f'id="f-questions.0.{field}-error"' in coordinator.text


async def test_a_draft_is_changed_opened_and_then_its_questions_stand(coordinator: Browser, home: str) -> None:
    await coordinator.open(f"{home}/neu")
    typed = {"questions.0.title": "Wann?", "questions.0.options": "A\nB"}
    await coordinator.submit(f"{home}/neu", title="Erst ein Entwurf", state="draft", **typed)
    own = coordinator.path
    assert "Das ist ein Entwurf" in coordinator.text
    await coordinator.open(f"{own}/bearbeiten")
    await coordinator.submit(f"{own}/bearbeiten", state="draft", **{"questions.0.title": "Wann genau?"})
    assert "Wann genau?" in main(coordinator)
    await coordinator.open(f"{own}/oeffnen")
    await coordinator.submit(f"{own}/oeffnen")
    assert "Die Umfrage ist offen." in coordinator.text
    await coordinator.open(f"{own}/bearbeiten")
    assert "Die Fragen stehen fest" in coordinator.text
    assert "count" not in fields(coordinator, f"{own}/bearbeiten")
    await coordinator.submit(f"{own}/bearbeiten", title="Nun offen", state="published")
    assert (coordinator.path, coordinator.page.status_code) == (own, 200), coordinator.text
    assert "Nun offen" in main(coordinator)


async def test_a_poll_is_closed_after_the_consent_and_shows_its_result(
    network: Network, coordinator: Browser, member: Browser, home: str
) -> None:
    poll = await ask(network, SINGLE, RANKING, results="managers")
    own, (single, ranking) = f"{home}/{poll['id']}", poll["questions"]
    places = {f"answers.{ranking['id']}.{option['id']}": str(n) for n, option in enumerate(ranking["options"], 1)}
    await member.open(own)
    await member.submit(f"{own}/abstimmen", **{f"answers.{single['id']}": single["options"][1]["id"]}, **places)
    await coordinator.open(f"{own}/schliessen")
    assert "lässt sich nicht rückgängig machen" in coordinator.text
    await coordinator.submit(f"{own}/schliessen")
    assert "Die Umfrage ist geschlossen." in coordinator.text
    await coordinator.open(f"{own}/ergebnis")
    for words in (
        "1 (100\N{NO-BREAK SPACE}%)",
        "Werte als Tabelle",
        "Nach Punkten (Borda)",
        "Schulze",
        "Person member",
    ):
        assert words in coordinator.text
    sealed = await network.coordinator.get(f"spaces/{network.space}/polls/{poll['id']}/results")
    assert sealed["sha256"] in coordinator.text
    await member.open(f"{own}/ergebnis")
    assert "Das Ergebnis sieht nur, wer die Umfragen dieses Raums verwaltet." in member.text
    assert "Werte als Tabelle" not in member.text


async def test_a_closed_poll_cannot_be_closed_again(network: Network, coordinator: Browser, home: str) -> None:
    poll = await ask(network)
    own = f"{home}/{poll['id']}"
    await coordinator.open(f"{own}/schliessen")
    await network.coordinator.post(f"spaces/{network.space}/polls/{poll['id']}/close")
    reply = await coordinator.submit(f"{own}/schliessen")
    assert reply.status_code == 409
    assert "Diese Umfrage ist geschlossen." in coordinator.text


async def test_who_has_not_voted_is_reminded_once_a_day(network: Network, coordinator: Browser, home: str) -> None:
    own = f"{home}/{(await ask(network))['id']}"
    await coordinator.open(f"{own}/erinnern")
    await coordinator.submit(f"{own}/erinnern")
    assert "werden erinnert" in coordinator.text
    await coordinator.open(f"{own}/erinnern")
    reply = await coordinator.submit(f"{own}/erinnern")
    assert reply.status_code == 429
    assert "Heute wurde schon erinnert." in coordinator.text


async def test_what_follows_is_said_once_the_poll_is_closed(
    network: Network, coordinator: Browser, member: Browser, home: str
) -> None:
    poll = await ask(network)
    own = f"{home}/{poll['id']}"
    await coordinator.open(f"{own}/ausgang")
    reply = await coordinator.submit(f"{own}/ausgang", text="Wir treffen uns **abends**.")
    assert reply.status_code == 409
    assert fields(coordinator, f"{own}/ausgang")["text"].strip() == "Wir treffen uns **abends**."
    await network.coordinator.post(f"spaces/{network.space}/polls/{poll['id']}/close")
    await coordinator.submit(f"{own}/ausgang")
    assert "Die Erklärung zum Ausgang ist veröffentlicht." in coordinator.text
    await member.open(own)
    assert "Wir treffen uns <strong>abends</strong>." in member.text


async def test_who_may_write_no_poll_reads_so(network: Network, netzraum: InProcess, home: str) -> None:
    guest = await network.take_in("guest", "guest-of-polls")
    async with netzraum.client() as http:
        browser = Browser(http)
        await browser.log_in(guest.email, PASSWORD)
        reply = await browser.open(f"{home}/neu")
    assert reply.status_code == 403
    assert "keine Umfragen anlegen" in reply.text


async def test_a_deleted_poll_comes_back_by_the_undo_link(network: Network, coordinator: Browser, home: str) -> None:
    own = f"{home}/{(await ask(network, title='Versehentlich gelöscht'))['id']}"
    await coordinator.open(own)
    await coordinator.submit(f"{own}/loeschen")
    assert "Versehentlich gelöscht" not in main(coordinator)
    await coordinator.submit(f"{own}/wiederherstellen")
    assert coordinator.path == own
    assert "Die Umfrage ist wieder da." in coordinator.text


async def test_a_closed_poll_is_renamed_without_touching_its_end(
    network: Network, coordinator: Browser, home: str
) -> None:
    poll = await ask(network)
    await network.coordinator.post(f"spaces/{network.space}/polls/{poll['id']}/close")
    own = f"{home}/{poll['id']}"
    await coordinator.open(f"{own}/bearbeiten")
    await coordinator.submit(f"{own}/bearbeiten", title="Neuer Name", state="published")
    assert (coordinator.path, coordinator.page.status_code) == (own, 200), coordinator.text
    assert "Neuer Name" in coordinator.text


async def test_who_was_slower_keeps_questions_and_rules_and_sees_the_newer_ones(
    network: Network, coordinator: Browser, home: str
) -> None:
    poll = await ask(network, SINGLE, WEIGHTING, state="draft")
    own = f"{home}/{poll['id']}"
    await coordinator.open(f"{own}/bearbeiten")
    await network.coordinator.change(f"spaces/{network.space}/polls/{poll['id']}", {"title": "Von jemand anderem"})
    mine = {"questions.1.title": "Meine Frage", "secrecy": "secret", "state": "draft"}
    reply = await coordinator.submit(f"{own}/bearbeiten", **mine)
    assert reply.status_code == 412
    assert "Von jemand anderem" in coordinator.text
    form = fields(coordinator, f"{own}/bearbeiten")
    assert (form["count"], form["questions.1.title"], form["secrecy"]) == ("2", "Meine Frage", "secret")
    await coordinator.submit(f"{own}/bearbeiten", state="draft")
    assert (coordinator.path, coordinator.page.status_code) == (own, 200), coordinator.text
    assert "Meine Frage" in main(coordinator)


async def test_a_preview_keeps_the_questions(coordinator: Browser, home: str) -> None:
    new = f"{home}/neu"
    await coordinator.open(new)
    await press(coordinator, new, "add", add_kind="motion", text="Worum es **geht**")
    await coordinator.submit(new, preview="1", **{"questions.1.title": "Wir treten bei."})
    assert "Worum es <strong>geht</strong>" in coordinator.text
    form = fields(coordinator, new)
    assert (form["count"], form["questions.1.title"]) == ("2", "Wir treten bei.")
