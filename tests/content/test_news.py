"""What an owner of items tells, to be mailed on: what is new to an account, and no more than a mail may hold."""

import asyncio
import time
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from netzraum_items import news
from netzraum_items.access import clock_of
from netzraum_platform.database import utc_now
from tests.harness import service_token
from tests.world import Board, Person, personal

LONG_AGO = timedelta(days=2)


async def ask(board: Board, person: Person, since: datetime | None = None) -> httpx.Response:
    question = {
        "account": str(person.account),
        "institution": str(person.institution),
        "since": (since or utc_now() - LONG_AGO).isoformat(),
        "access": {str(board.place.id): board.place.version},
    }
    internal, headers = board.world.service.internal, service_token("identity", "content")
    return await internal.post("/internal/news", json=question, headers=headers)


async def told(board: Board, person: Person, since: datetime | None = None) -> dict[str, Any]:
    reply = await ask(board, person, since)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


async def titles(board: Board, person: Person, since: datetime | None = None) -> list[str]:
    return [item["title"] for item in (await told(board, person, since))["items"]]


async def test_the_newest_are_told_first_with_what_a_mail_says_of_them(board: Board) -> None:
    await board.post(title="Älter")
    notice = await board.post(title="Neuer")
    first, second = (await told(board, board["member"]))["items"]
    assert (first["title"], second["title"]) == ("Neuer", "Älter")
    place = {"space": str(board.place.id), "tool": "notices", "item": notice["id"]}
    assert first == {**place, "title": "Neuer", "author": str(board.coordinator.account), "at": first["at"]}
    assert await titles(board, board["member"], since=datetime.fromisoformat(second["at"])) == ["Neuer"]
    assert await titles(board, board.coordinator) == [], "one's own is no news"


async def test_what_is_too_much_for_one_mail_is_said_to_be_more(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news, "MOST", 2)
    for number in range(3):
        await board.post(title=f"Nr. {number}")
    answer = await told(board, board["member"])
    assert ([item["title"] for item in answer["items"]], answer["more"]) == (["Nr. 2", "Nr. 1"], True)


@pytest.mark.parametrize("role", ["coordinator", "moderator", "member", "guest", "auditor"])
async def test_leak_no_role_is_told_by_mail_what_is_protected(board: Board, role: str) -> None:
    """Whoever may read it in the page: a moderator may what is confidential, a coordinator the rest."""
    author = board["moderator"] if role == "coordinator" else board.coordinator
    await board.post(author, title="Vertraulich", classification="confidential")
    if role != "coordinator":
        await board.post(title="Personenbezogen", **personal())
        await board.post(title="Für andere", roles=["auditor"])
    await board.post(author, title="Intern")
    await board.post(author, title="Öffentlich", classification="public")
    expected = [] if role == "auditor" else ["Öffentlich", "Intern"]
    assert await titles(board, board[role]) == expected


async def test_leak_nobody_is_told_what_is_not_there_for_them(board: Board) -> None:
    await board.post(title="Entwurf", state="draft")
    await board.post(title="Kommt erst", valid_from=(utc_now() + timedelta(days=1)).isoformat())
    await board.place.take_in(board["guest"], "guest", since=utc_now() + timedelta(days=1))
    await board.post(title="Vorher")
    newcomer = await board.world.person("Nora")
    await board.place.take_in(newcomer, "member", since=utc_now())
    former = await board.world.person("Frida")
    await board.place.take_in(former, "member")
    await board.place.dismiss(former, "member")
    stranger = await board.world.person("Sami")
    assert await titles(board, board["member"]) == ["Vorher"]
    for person in (newcomer, former, stranger, board["guest"]):
        assert await titles(board, person) == []


async def test_leak_old_access_data_tell_nothing_and_lose_nothing(board: Board, heart: asyncio.Task[None]) -> None:
    """The answer is none: what was left out of one would be taken for told."""
    await board.post(title="Intern")
    heart.cancel()
    clock_of(board.world.service.app)._confirmed = time.monotonic() - 60
    assert (await ask(board, board["member"])).status_code == 503
