"""Voting by the page, without JavaScript: votes are cast, refused and changed, results shown and hidden."""

import re

import pytest

from tests.end_to_end.installations import PASSWORD
from tests.end_to_end.people import Network
from tests.gateway.asking import FREE, RANKING, SINGLE, WEIGHTING, ask, fields
from tests.gateway.browser import Browser
from tests.gateway.conftest import InProcess


@pytest.fixture
def home(network: Network) -> str:
    return f"/raum/{network.space}/umfragen"


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


async def test_the_readers_own_points_are_drawn_on_the_scale_of_the_bars(
    network: Network, member: Browser, coordinator: Browser, home: str
) -> None:
    """Both means are 50, so that a scale that ends there would put every higher vote at its end."""
    poll = await ask(network, WEIGHTING, results="after_vote")
    own, names = f"{home}/{poll['id']}", [option["id"] for option in poll["questions"][0]["options"]]
    for voter, points in ((coordinator, ("20", "80")), (member, ("80", "20"))):
        await voter.open(own)
        votes = {f"answers.{poll['questions'][0]['id']}.{name}": each for name, each in zip(names, points, strict=True)}
        await voter.submit(f"{own}/abstimmen", **votes)
    await member.open(own)
    assert re.findall(r'class="b" [^>]*width="([0-9.]+)%"', member.text) == ["62.5", "62.5"]
    assert sorted(re.findall(r'class="own" cx="([0-9.]+)%"', member.text)) == ["100.0", "25.0"]


async def test_a_secret_ballot_whose_session_ended_is_not_carried_on(
    network: Network, member: Browser, home: str
) -> None:
    """Whoever logs in next in this browser could read it; other ballots are sent once more."""
    poll = await ask(network, SINGLE, FREE, secrecy="secret")
    own, (single, free) = f"{home}/{poll['id']}", poll["questions"]
    await member.open(own)
    assert 'autocomplete="off"' in member.text
    assert member.page.headers["cache-control"] == "no-store"
    ballot = [(f"answers.{single['id']}", single["options"][1]["id"]), (f"answers.{free['id']}", "Nur hier")]
    form = member.form(f"{own}/abstimmen").fields
    member.http.cookies.clear()
    reply = await member.send(f"{own}/abstimmen", [*(each for each in form if each[0] != ballot[1][0]), *ballot])
    assert (reply.status_code, reply.headers["cache-control"]) == (401, "no-store")
    assert "Ihre Stimme wurde nicht angenommen" in member.text
    assert "Nur hier" not in member.text
    assert single["options"][1]["id"] not in member.text
    await member.submit("/anmelden", email=network.people["member"].email, password=PASSWORD)
    assert member.path == own
    await member.submit(f"{own}/abstimmen", **dict(ballot))
    assert "Danke. Ihre Stimme ist gezählt." in member.text


async def test_a_ballot_that_is_not_secret_outlives_the_session(network: Network, member: Browser, home: str) -> None:
    poll = await ask(network, SINGLE)
    own, (question,) = f"{home}/{poll['id']}", poll["questions"]
    await member.open(own)
    form = member.form(f"{own}/abstimmen").fields
    member.http.cookies.clear()
    await member.send(f"{own}/abstimmen", [*form, (f"answers.{question['id']}", question["options"][0]["id"])])
    await member.submit("/anmelden", email=network.people["member"].email, password=PASSWORD)
    await member.submit(f"{own}/abstimmen")
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


async def test_a_vote_after_the_close_is_refused_in_words(network: Network, member: Browser, home: str) -> None:
    poll = await ask(network)
    own, (question,) = f"{home}/{poll['id']}", poll["questions"]
    await member.open(own)
    await network.coordinator.post(f"spaces/{network.space}/polls/{poll['id']}/close")
    reply = await member.submit(f"{own}/abstimmen", **{f"answers.{question['id']}": question["options"][0]["id"]})
    assert reply.status_code == 409
    assert "Es wird keine Stimme mehr angenommen." in member.text


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


async def test_a_poll_is_put_to_the_vote_in_english_too(network: Network, netzraum: InProcess, home: str) -> None:
    poll = await ask(network, SINGLE, WEIGHTING, secrecy="secret")
    reader = await network.take_in("member", "reader-of-english")
    await reader.change("me", {"language": "en"})
    async with netzraum.client() as http:
        browser = Browser(http)
        await browser.log_in(reader.email, PASSWORD)
        await browser.open(f"{home}/{poll['id']}")
        assert "This poll is secret" in browser.text
        await browser.submit(f"{home}/{poll['id']}/abstimmen")
        assert "2 entries are missing or do not fit" in browser.text
        assert "This is required." in browser.text
