"""The way of a poll by the API, on both ways of running: asked, voted in, closed, read, taken away as a file."""

from typing import Any

import httpx
import pytest

from netzraum_standalone.demo.client import until
from tests.end_to_end.people import Network, Somebody
from tests.end_to_end.test_main_way import unique

Json = dict[str, Any]
TITLES = ("Praktika", "Elternarbeit", "Pflege")
WEIGHTING = {"kind": "weighting", "title": "Themen", "options": [{"title": title} for title in TITLES]}


async def ask(network: Network, **poll: Any) -> Json:
    body = {"title": unique("Umfrage"), "questions": [WEIGHTING], **poll}
    asked: Json = await network.coordinator.post(f"spaces/{network.space}/polls", body)
    return asked


def path_of(network: Network, poll: Json, what: str = "") -> str:
    return f"spaces/{network.space}/polls/{poll['id']}" + (f"/{what}" if what else "")


async def vote(network: Network, voter: Somebody, poll: Json, *points: int) -> httpx.Response:
    (question,) = poll["questions"]
    value = {option["id"]: number for option, number in zip(question["options"], points, strict=True) if number}
    body = {"answers": [{"question": question["id"], "value": value}]}
    return await voter.send("PUT", path_of(network, poll, "ballot"), body)


async def test_a_weighting_from_the_question_to_the_file(network: Network) -> None:
    poll = await ask(network, secrecy="confidential")
    member, moderator, guest = (network.people[role] for role in ("member", "moderator", "guest"))
    assert poll["id"] in {each["item"] for each in (await member.get("todo"))["items"]}
    assert (await vote(network, member, poll, 100, 0, 0)).status_code == 201
    assert (await vote(network, member, poll, 50, 30, 20)).json() == {"changed": True}
    assert (await vote(network, moderator, poll, 90, 10, 0)).status_code == 201
    assert (await vote(network, guest, poll, 100, 0, 0)).status_code == 403
    wrong = await vote(network, network.coordinator, poll, 99, 0, 0)
    assert [error["code"] for error in wrong.json()["errors"]] == ["points_in_all"]
    assert poll["id"] not in {each["item"] for each in (await member.get("todo"))["items"]}
    hidden = await member.send("GET", path_of(network, poll, "results"))
    assert (hidden.status_code, hidden.json()["reasons"]) == (403, ["until_closed"])
    closed = await network.coordinator.post(path_of(network, poll, "close"))
    assert (closed["state"], closed["turnout"]["voted"]) == ("closed", 2)
    assert (await vote(network, member, poll, 100, 0, 0)).json()["code"] == "closed"
    results = await guest.get(path_of(network, poll, "results"))
    assert [option["score"] for option in results["questions"][0]["options"]] == [70.0, 20.0, 10.0]
    exported = await member.send("GET", path_of(network, poll, "export") + "?format=csv")
    assert exported.headers["content-type"].startswith("text/csv")
    assert results["sha256"] in exported.text
    assert "Person member" not in exported.text
    ods = await member.send("GET", path_of(network, poll, "export") + "?format=ods")
    assert ods.content.startswith(b"PK")
    outcome = await network.coordinator.post(path_of(network, poll, "outcome"), {"text": "Praktika zuerst."})
    assert outcome["outcome"] == "Praktika zuerst."


@pytest.mark.parametrize("role", ["coordinator", "member"])
async def test_a_secret_poll_is_secret_to(network: Network, role: str) -> None:
    poll = await ask(network, secrecy="secret")
    voters = [network.people["member"], network.people["moderator"], network.coordinator]
    voters += [await network.take_in("member", key=f"{role}-voter-{number}") for number in range(2)]
    for voter in voters:
        assert (await vote(network, voter, poll, 60, 40, 0)).status_code == 201
    reader = network.coordinator if role == "coordinator" else network.people[role]
    view = await reader.get(path_of(network, poll))
    assert (view["turnout"]["voted"], view["mine"], view["results_hidden"]) == (5, True, ["until_closed"])
    for what in ("results", "export"):
        assert await reader.status("GET", path_of(network, poll, what)) == 403
    assert (await reader.send("GET", path_of(network, poll, "ballot"))).json()["code"] == "secret"
    await network.coordinator.post(path_of(network, poll, "close"))
    results = await reader.get(path_of(network, poll, "results"))
    assert (results["too_few_ballots"], results["ballots"]) == (False, None)
    assert [option["score"] for option in results["questions"][0]["options"]] == [60.0, 40.0, 0.0]
    assert (await reader.get(path_of(network, poll)))["mine"] is None


async def test_a_reminder_reaches_by_mail_who_has_not_voted(network: Network) -> None:
    poll = await ask(network)
    await vote(network, network.people["moderator"], poll, 100, 0, 0)
    assert (await network.coordinator.send("POST", path_of(network, poll, "remind"), {})).status_code == 200
    late, done = network.people["member"], network.people["moderator"]

    async def reminded(person: Somebody) -> bool:
        return bool(network.mails_about(poll["id"], person))

    await until(lambda: reminded(late), "the reminder by mail")
    assert not await reminded(done)
