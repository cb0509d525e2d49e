"""Polls by the page, without JavaScript: questions are added and removed, votes are cast, refused and changed."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.end_to_end.installations import PASSWORD
from tests.end_to_end.people import Network
from tests.gateway.browser import Browser
from tests.gateway.conftest import InProcess

WEIGHTING = {"kind": "weighting", "title": "Was zählt?", "options": [{"title": "Daten"}, {"title": "Eltern"}]}
SINGLE = {"kind": "single", "title": "Wann?", "options": [{"title": "Vormittags"}, {"title": "Abends"}]}
RANKING = {"kind": "ranking", "title": "Reihenfolge?", "options": [{"title": "Erst"}, {"title": "Dann"}]}
FREE = {"kind": "text", "title": "Was fehlt?", "required": False}


@pytest.fixture
def home(network: Network) -> str:
    return f"/raum/{network.space}/umfragen"


@pytest.fixture
async def member(netzraum: InProcess, network: Network) -> AsyncIterator[Browser]:
    """A browser in which a member is logged in, who may vote."""
    async with netzraum.client() as http:
        browser = Browser(http)
        await browser.log_in(network.people["member"].email, PASSWORD)
        yield browser


async def ask(network: Network, *questions: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A poll by the API, open at once unless it says otherwise."""
    body = {"title": "Was meinen Sie?", "questions": list(questions) or [SINGLE], **more}
    poll: dict[str, Any] = await network.coordinator.post(f"spaces/{network.space}/polls", body)
    return poll


def fields(browser: Browser, action: str) -> dict[str, str]:
    return dict(browser.form(action).fields)


def main(browser: Browser) -> str:
    """The page without its messages."""
    return re.sub(r'<div class="nr-live".*?</div>', "", browser.text, flags=re.DOTALL)


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
    assert 'href="#f-questions.0"' in coordinator.text
    assert 'id="f-questions.0-error"' in coordinator.text
    assert fields(coordinator, new)["questions.0.options"].strip() == "Nur eine"


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


async def test_a_vote_is_cast_shown_and_changed(network: Network, member: Browser, home: str) -> None:
    poll = await ask(network, SINGLE)
    own, (question,) = f"{home}/{poll['id']}", poll["questions"]
    name, (first, second) = f"answers.{question['id']}", question["options"]
    await member.open(own)
    await member.submit(f"{own}/abstimmen", **{name: first["id"]})
    assert "Danke. Ihre Stimme ist gezählt." in member.text
    assert fields(member, f"{own}/abstimmen")[name] == first["id"]
    await member.submit(f"{own}/abstimmen", **{name: second["id"]})
    assert "Ihre Stimme ist geändert." in member.text
    ballot = await network.people["member"].get(f"spaces/{network.space}/polls/{poll['id']}/ballot")
    assert [answer["value"] for answer in ballot["answers"]] == [second["id"]]


async def test_a_refused_vote_says_so_at_each_question_and_keeps_the_rest(
    network: Network, member: Browser, home: str
) -> None:
    poll = await ask(network, WEIGHTING, SINGLE, FREE)
    own, (weighting, single, free) = f"{home}/{poll['id']}", poll["questions"]
    data, parents = (f"answers.{weighting['id']}.{option['id']}" for option in weighting["options"])
    await member.open(own)
    typed = {data: "60", parents: "15", f"answers.{free['id']}": "Mehr Zeit"}
    reply = await member.submit(f"{own}/abstimmen", **typed)
    assert reply.status_code == 422
    for question in (weighting, single):
        assert f'href="#f-answers.{question["id"]}"' in member.text
        assert f'id="f-answers.{question["id"]}-error"' in member.text
    form = fields(member, f"{own}/abstimmen")
    assert (form[data], form[parents], form[f"answers.{free['id']}"].strip()) == ("60", "15", "Mehr Zeit")
    await member.submit(f"{own}/abstimmen", **{parents: "40", f"answers.{single['id']}": single["options"][0]["id"]})
    assert "Danke. Ihre Stimme ist gezählt." in member.text


@pytest.mark.parametrize("typed", ["viele", "-5", "1.5", "9" * 30])
async def test_points_that_are_no_whole_number_are_refused_in_words(
    network: Network, member: Browser, home: str, typed: str
) -> None:
    poll = await ask(network, WEIGHTING)
    own, (question,) = f"{home}/{poll['id']}", poll["questions"]
    name = f"answers.{question['id']}.{question['options'][0]['id']}"
    await member.open(own)
    reply = await member.submit(f"{own}/abstimmen", **{name: typed})
    assert reply.status_code == 422
    assert fields(member, f"{own}/abstimmen")[name] == typed


async def test_two_answers_at_one_place_are_refused_and_kept(network: Network, member: Browser, home: str) -> None:
    poll = await ask(network, RANKING)
    own, (question,) = f"{home}/{poll['id']}", poll["questions"]
    first, second = (f"answers.{question['id']}.{option['id']}" for option in question["options"])
    await member.open(own)
    reply = await member.submit(f"{own}/abstimmen", **{first: "2", second: "2"})
    assert reply.status_code == 422
    assert "Zwei Antworten haben denselben Platz." in member.text
    assert fields(member, f"{own}/abstimmen")[first] == "2"
    await member.submit(f"{own}/abstimmen", **{first: "2", second: "1"})
    ballot = await network.people["member"].get(f"spaces/{network.space}/polls/{poll['id']}/ballot")
    assert ballot["answers"][0]["value"] == [option["id"] for option in reversed(question["options"])]


async def test_a_vote_that_may_not_be_changed_is_asked_for_once(network: Network, member: Browser, home: str) -> None:
    poll = await ask(network, SINGLE, change_allowed=False)
    own, (question,) = f"{home}/{poll['id']}", poll["questions"]
    await member.open(own)
    sent = [*member.form(f"{own}/abstimmen").fields, (f"answers.{question['id']}", question["options"][0]["id"])]
    await member.send(f"{own}/abstimmen", sent)
    assert "lässt sich nicht mehr ändern" in member.text
    assert f'action="{own}/abstimmen"' not in member.text
    again = await member.send(f"{own}/abstimmen", sent)
    assert again.status_code == 409
    assert "kann in dieser Umfrage nicht geändert werden" in member.text


async def test_who_is_not_asked_reads_so_and_may_not_vote(network: Network, member: Browser, home: str) -> None:
    poll = await ask(network, SINGLE, electorate="role:coordinator")
    own, (question,) = f"{home}/{poll['id']}", poll["questions"]
    await member.open(own)
    assert "Sie stimmen in dieser Umfrage nicht ab" in member.text
    assert f'action="{own}/abstimmen"' not in member.text
    csrf = ("csrf", fields(member, "/abmelden")["csrf"])
    reply = await member.send(f"{own}/abstimmen", [csrf, (f"answers.{question['id']}", question["options"][0]["id"])])
    assert reply.status_code == 403
    assert "Sie gehören nicht zu denen" in member.text


async def test_a_secret_poll_says_so_before_the_form_and_never_shows_a_vote(
    network: Network, member: Browser, home: str
) -> None:
    poll = await ask(network, SINGLE, FREE, secrecy="secret")
    own, (question, _) = f"{home}/{poll['id']}", poll["questions"]
    await member.open(own)
    said, form = member.text.index("Diese Umfrage ist geheim"), member.text.index(f'action="{own}/abstimmen"')
    assert said < form
    assert "Ihre Art zu schreiben kann Sie verraten" in member.text
    chosen = question["options"][0]["id"]
    await member.submit(f"{own}/abstimmen", **{f"answers.{question['id']}": chosen})
    assert "Danke. Ihre Stimme ist gezählt." in member.text
    assert "Niemand kann es lesen, auch Sie nicht." in member.text
    assert f"answers.{question['id']}" not in fields(member, f"{own}/abstimmen")


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


async def test_a_vote_after_the_close_is_refused_in_words(network: Network, member: Browser, home: str) -> None:
    poll = await ask(network)
    own, (question,) = f"{home}/{poll['id']}", poll["questions"]
    await member.open(own)
    await network.coordinator.post(f"spaces/{network.space}/polls/{poll['id']}/close")
    reply = await member.submit(f"{own}/abstimmen", **{f"answers.{question['id']}": question["options"][0]["id"]})
    assert reply.status_code == 409
    assert "Es wird keine Stimme mehr angenommen." in member.text


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


@pytest.mark.parametrize(("kind", "begins"), [("csv", b"\xef\xbb\xbf"), ("ods", b"PK")])
async def test_a_result_is_taken_along_as_a_file(
    network: Network, coordinator: Browser, home: str, kind: str, begins: bytes
) -> None:
    poll = await ask(network)
    await network.coordinator.post(f"spaces/{network.space}/polls/{poll['id']}/close")
    await coordinator.open(f"{home}/{poll['id']}/ergebnis")
    assert f"/ausfuhr?format={kind}" in coordinator.text
    reply = await coordinator.open(f"{home}/{poll['id']}/ausfuhr?format={kind}")
    assert reply.status_code == 200
    assert reply.content.startswith(begins)
    assert f'.{kind}"' in reply.headers["content-disposition"]


async def test_a_hidden_result_cannot_be_taken_along(network: Network, member: Browser, home: str) -> None:
    poll = await ask(network)
    reply = await member.open(f"{home}/{poll['id']}/ausfuhr?format=csv")
    assert reply.status_code == 403


async def test_a_secret_poll_with_too_few_votes_shows_the_turnout_alone(
    network: Network, coordinator: Browser, member: Browser, home: str
) -> None:
    poll = await ask(network, SINGLE, secrecy="secret")
    own, (question,) = f"{home}/{poll['id']}", poll["questions"]
    await member.open(own)
    await member.submit(f"{own}/abstimmen", **{f"answers.{question['id']}": question["options"][0]["id"]})
    await network.coordinator.post(f"spaces/{network.space}/polls/{poll['id']}/close")
    for page in (own, f"{own}/ergebnis"):
        await coordinator.open(page)
        assert "Weniger als fünf haben abgestimmt." in coordinator.text
        assert "Werte als Tabelle" not in coordinator.text


async def test_the_list_shows_first_what_waits_for_a_vote(network: Network, member: Browser, home: str) -> None:
    poll = await ask(network, title="Zuerst diese")
    (question,) = poll["questions"]
    await member.open(home)
    waiting = member.text.index("Warten auf Ihre Stimme")
    assert waiting < member.text.index("Zuerst diese")
    ballot = {"answers": [{"question": question["id"], "value": question["options"][0]["id"]}]}
    path = f"spaces/{network.space}/polls/{poll['id']}/ballot"
    assert await network.people["member"].status("PUT", path, ballot) == 201
    await member.open(f"{home}?q=Zuerst+diese")
    assert "Warten auf Ihre Stimme" not in member.text
    assert "Sie haben abgestimmt" in member.text


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


async def test_a_closed_poll_that_was_deleted_is_shown_as_such(
    network: Network, coordinator: Browser, member: Browser, home: str
) -> None:
    poll = await ask(network)
    path = f"spaces/{network.space}/polls/{poll['id']}"
    own, (question,) = f"{home}/{poll['id']}", poll["questions"]
    ballot = {"answers": [{"question": question["id"], "value": question["options"][0]["id"]}]}
    assert await network.coordinator.status("PUT", f"{path}/ballot", ballot) == 201
    await network.coordinator.post(f"{path}/close")
    assert (await network.coordinator.send("DELETE", path, if_match="*")).status_code == 204
    await coordinator.open(own)
    assert "Diese Umfrage ist gelöscht" in coordinator.text
    assert "Werte als Tabelle" not in coordinator.text


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


async def test_where_institutions_vote_the_page_says_who_spoke_for_mine(
    network: Network, netzraum: InProcess, member: Browser, home: str
) -> None:
    poll = await ask(network, electorate="institutions")
    own, (question,) = f"{home}/{poll['id']}", poll["questions"]
    await member.open(own)
    assert "Sie stimmen für Gesamtschule Haspe ab." in member.text
    await member.submit(f"{own}/abstimmen", **{f"answers.{question['id']}": question["options"][0]["id"]})
    colleague = await network.take_in("member", "colleague-of-polls")
    async with netzraum.client() as http:
        other = Browser(http)
        await other.log_in(colleague.email, PASSWORD)
        await other.open(own)
        assert "Ihre Institution hat abgestimmt: durch Person member" in other.text


async def test_a_double_click_on_the_first_vote_says_thank_you_twice(
    network: Network, member: Browser, home: str
) -> None:
    poll = await ask(network)
    own, (question,) = f"{home}/{poll['id']}", poll["questions"]
    await member.open(own)
    sent = [*member.form(f"{own}/abstimmen").fields, (f"answers.{question['id']}", question["options"][0]["id"])]
    for _ in range(2):
        await member.send(f"{own}/abstimmen", sent)
        assert "Danke. Ihre Stimme ist gezählt." in member.text
