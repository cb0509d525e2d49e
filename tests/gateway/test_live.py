"""Live updates: those who see something hear that it is there, in which tool of which space, and nothing else.

An open page hears of the items that it shows, and of nothing that its reader does not see.
"""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select
from starlette.types import Message

from netzraum_gateway.routing import ITEM_SERVICES
from netzraum_items.items import Item
from netzraum_items.traces import ERASE
from netzraum_platform.database import utc_now
from netzraum_platform.tables import JobRow, OutboxRow
from tests.end_to_end.items_of_tools import KINDS
from tests.end_to_end.people import Network, Somebody, found_network
from tests.gateway.browser import Browser
from tests.gateway.conftest import InProcess
from tests.harness import eventually


class Stream:
    """An open stream: the status of the answer, the messages, and what was said of items: there, gone."""

    def __init__(self) -> None:
        self.status = 0
        self.messages: list[dict[str, str]] = []
        self.about: list[tuple[list[str], list[str]]] = []
        self.closed = False
        self.gone = asyncio.Event()

    async def receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        for said in message.get("body", b"").decode().split("\n\n"):
            kind, _, data = said.rpartition("data: ")
            if data and kind:
                about = json.loads(data)
                self.about.append((about["there"], about["gone"]))
            elif said.startswith("data: "):
                self.messages.append(json.loads(data))
        self.closed = not message.get("more_body", False)


@asynccontextmanager
async def listening(netzraum: InProcess, headers: dict[str, str], query: str = "") -> AsyncIterator[Stream]:
    stream = Stream()
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/api/v1/live",
        "raw_path": b"/api/v1/live",
        "query_string": query.encode(),
        "http_version": "1.1",
        "scheme": "http",
        "root_path": "",
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    gateway = netzraum.standalone.gateway

    async def run() -> None:
        await gateway.asgi(scope, stream.receive, stream.send)

    task = asyncio.create_task(run())
    try:
        await eventually(lambda: stream.status and (stream.status != 200 or gateway.live.is_open or stream.closed))
        yield stream
    finally:
        stream.gone.set()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def bearer(somebody: Somebody) -> dict[str, str]:
    return {"authorization": f"Bearer {somebody.tokens['access_token']}"}


async def test_a_new_notice_is_announced_by_space_and_tool_alone(netzraum: InProcess, network: Network) -> None:
    async with listening(netzraum, bearer(network.people["member"])) as stream:
        await network.post_notice(network.coordinator, "Neu und live")
        await eventually(lambda: stream.messages)
    assert stream.messages == [{"space": network.space, "tool": "notices"}]


async def test_nobody_hears_of_what_they_may_not_see(netzraum: InProcess, network: Network) -> None:
    async with (
        listening(netzraum, bearer(network.people["member"])) as member,
        listening(netzraum, bearer(network.coordinator)) as coordinator,
    ):
        await network.post_notice(network.coordinator, "Vertraulich", classification="confidential")
        await eventually(lambda: coordinator.messages)
        await network.post_notice(network.coordinator, "Intern")
        await eventually(lambda: member.messages)
        await eventually(lambda: len(coordinator.messages) == 2)
    assert len(member.messages) == 1


@pytest.mark.parametrize("tool", KINDS)
async def test_the_items_of_each_tool_are_told_of_to_those_who_see_them(
    netzraum: InProcess, network: Network, tool: str
) -> None:
    kind = KINDS[tool]
    told = {"space": network.space, "tool": tool}
    await eventually(lambda: all_is_told(netzraum))
    async with (
        listening(netzraum, bearer(network.people["member"])) as member,
        listening(netzraum, bearer(network.coordinator)) as coordinator,
    ):
        await kind.made(network, "Live", "confidential")
        await eventually(lambda: len(coordinator.messages) == 1)
        item = await kind.made(network, "Live")
        await eventually(lambda: len(coordinator.messages) == 2)
        await network.coordinator.change(kind.api(network, item), {"title": "Live, neu"})
        await eventually(lambda: len(coordinator.messages) == 3)
        assert await network.coordinator.status("DELETE", kind.api(network, item)) == 204
        await eventually(lambda: len(coordinator.messages) == 4 and len(member.messages) == 3)
    assert (coordinator.messages, member.messages) == ([told] * 4, [told] * 3)


@pytest.mark.parametrize("tool", KINDS)
async def test_an_open_page_of_each_tool_hears_of_its_item_until_that_is_closed_to_its_reader(
    netzraum: InProcess, network: Network, tool: str
) -> None:
    kind = KINDS[tool]
    item = await kind.made(network, "Offen")
    own = kind.api(network, item)
    async with showing(netzraum, network, network.people["member"], item) as member:
        await network.coordinator.change(own, {"title": "Offen, neu"})
        await eventually(lambda: len(member.about) == 2)
        await network.coordinator.change(own, {"classification": "confidential"})
        await eventually(lambda: len(member.about) == 3)
    assert member.about == [([item["id"]], []), ([item["id"]], []), ([], [item["id"]])]


@pytest.mark.parametrize("secrecy", ["open", "secret"])
async def test_of_a_vote_nobody_hears_anything(netzraum: InProcess, network: Network, secrecy: str) -> None:
    polls = KINDS["polls"]
    poll = await polls.made(network, "Abstimmung", secrecy=secrecy)
    own = polls.api(network, poll)
    answers = [{"question": poll["questions"][0]["id"], "value": poll["questions"][0]["options"][0]["id"]}]
    async with showing(netzraum, network, network.coordinator, poll) as coordinator:
        for status in (201, 200):
            voted = await network.people["member"].status("PUT", f"{own}/ballot", {"answers": answers})
            assert voted == status
        await network.coordinator.change(own, {"text": "Danach"})
        await eventually(lambda: len(coordinator.about) == 2)
    assert coordinator.messages == [{"space": network.space, "tool": "polls"}]


async def test_who_saw_a_notice_hears_that_it_went_and_nobody_else_does(netzraum: InProcess, network: Network) -> None:
    since = quote(utc_now().isoformat())
    seen = await network.post_notice(network.coordinator, "Intern")
    hidden = await network.post_notice(network.coordinator, "Vertraulich", classification="confidential")
    coming = await network.post_notice(
        network.coordinator, "Später", valid_from=(utc_now() + timedelta(days=1)).isoformat()
    )
    path, member = f"spaces/{network.space}", network.people["member"]
    gone = f"{path}/gone?tool=notices&since={since}"
    async with (
        listening(netzraum, bearer(member)) as heard_by_member,
        listening(netzraum, bearer(network.coordinator)) as heard_by_coordinator,
    ):
        await network.coordinator.status("DELETE", f"{path}/notices/{hidden['id']}")
        await eventually(lambda: len(heard_by_coordinator.messages) == 1)
        await network.coordinator.status("DELETE", f"{path}/notices/{coming['id']}")
        await eventually(lambda: len(heard_by_coordinator.messages) == 2)
        assert (await member.get(gone))["number"] == 0
        await network.coordinator.status("DELETE", f"{path}/notices/{seen['id']}")
        await eventually(lambda: heard_by_member.messages)
        await eventually(lambda: len(heard_by_coordinator.messages) == 3)
    assert heard_by_member.messages == [{"space": network.space, "tool": "notices"}]
    assert (await member.get(gone))["number"] == 1
    newcomer = await network.take_in("member", "newcomer")
    assert (await newcomer.get(gone))["number"] == 0


async def test_a_cookie_opens_a_stream_that_ends_with_the_session(
    netzraum: InProcess, network: Network, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, and not only when it would have said again that it lives."""
    monkeypatch.setattr("netzraum_gateway.live.SILENCE_S", 3600.0)
    await browser.log_in(network.people["member"].email, "ein-langes-kennwort")
    cookie = "; ".join(f"{name}={value}" for name, value in browser.http.cookies.items())
    async with listening(netzraum, {"cookie": cookie}) as stream:
        assert stream.status == 200
        await browser.open("/")
        await browser.submit("/abmelden")
        await eventually(lambda: stream.closed)


async def test_without_a_session_there_is_no_stream(netzraum: InProcess) -> None:
    async with listening(netzraum, {}) as stream:
        assert stream.status == 401


async def test_who_was_removed_hears_nothing_more(netzraum: InProcess, network: Network) -> None:
    leaver = await network.take_in("guest", "listener")
    async with listening(netzraum, bearer(leaver)) as left, listening(netzraum, bearer(network.coordinator)) as stayed:
        await network.post_notice(network.coordinator, "Davor")
        await eventually(lambda: left.messages)
        await network.coordinator.status("DELETE", f"spaces/{network.space}/members/{network.memberships['listener']}")
        await eventually(lambda: stayed.messages)
        heard = len(stayed.messages)
        await network.post_notice(network.coordinator, "Danach")
        await eventually(lambda: len(stayed.messages) > heard)
    assert len(left.messages) == 1


@asynccontextmanager
async def showing(
    netzraum: InProcess, network: Network, reader: Somebody, *items: dict[str, Any], of_all_spaces: bool = False
) -> AsyncIterator[Stream]:
    """The stream of a page that shows these items, after what it says of them at first."""
    query = f"space={'' if of_all_spaces else network.space}&items={','.join(item['id'] for item in items)}"
    await eventually(lambda: all_is_told(netzraum))
    async with listening(netzraum, bearer(reader), query) as stream:
        await eventually(lambda: stream.about)
        yield stream


async def all_is_told(netzraum: InProcess) -> bool:
    """Whether all that was done so far has left the services."""
    for name in ITEM_SERVICES:
        async with netzraum.standalone.services[name].app.database.session() as session:
            if await session.scalar(select(OutboxRow).where(OutboxRow.sent_at.is_(None)).limit(1)) is not None:
                return False
    return True


async def write_page(network: Network, slug: str, **more: Any) -> dict[str, Any]:
    path = f"spaces/{network.space}/wiki/pages/{slug}"
    page: dict[str, Any] = await network.coordinator.change(path, {"title": slug, "text": "Text", **more}, "PUT")
    return page


async def test_an_open_page_hears_at_once_who_begins_and_ends_to_edit_it(netzraum: InProcess, network: Network) -> None:
    page, reader = await write_page(network, "zwei-am-schreiben"), network.people["member"]
    editing = f"spaces/{network.space}/wiki/pages/zwei-am-schreiben/editing"
    async with (
        showing(netzraum, network, reader, page) as read,
        showing(netzraum, network, network.coordinator, page) as own,
        listening(netzraum, bearer(reader)) as elsewhere,
    ):
        await network.coordinator.status("PUT", editing)
        await eventually(lambda: len(read.about) == 2)
        await network.coordinator.status("DELETE", editing)
        await eventually(lambda: len(read.about) == 3)
    assert read.about == 3 * [([page["id"]], [])]
    assert own.about == [([page["id"]], [])]
    assert (read.messages, elsewhere.messages, elsewhere.about) == ([], [], [])


async def test_of_a_page_that_one_may_not_see_nothing_is_heard_whatever_happens(
    netzraum: InProcess, network: Network
) -> None:
    hidden = await write_page(network, "geheim", classification="confidential")
    seen = await write_page(network, "offen")
    path = f"spaces/{network.space}/wiki/pages"
    async with showing(netzraum, network, network.people["member"], hidden, seen) as member:
        assert member.about == [([seen["id"]], [hidden["id"]])]
        await network.coordinator.status("PUT", f"{path}/geheim/editing")
        await network.coordinator.status("DELETE", f"{path}/geheim")
        await network.coordinator.status("PUT", f"{path}/offen/editing")
        await eventually(lambda: len(member.about) == 2)
    assert member.about[1:] == [([seen["id"]], [])]


async def test_who_loses_sight_of_an_item_hears_that_it_is_no_longer_there(
    netzraum: InProcess, network: Network
) -> None:
    raised = await network.post_notice(network.coordinator, "Bald vertraulich")
    erased = await network.post_notice(
        network.coordinator, "Bald gelöscht", delete_on=(utc_now() + timedelta(days=9)).date().isoformat()
    )
    path = f"spaces/{network.space}/notices"
    async with (
        showing(netzraum, network, network.people["member"], raised, erased) as member,
        showing(netzraum, network, network.coordinator, raised, erased) as coordinator,
    ):
        await network.coordinator.change(f"{path}/{raised['id']}", {"classification": "confidential"})
        await eventually(lambda: len(member.about) == len(coordinator.about) == 2)
        await its_day_comes(netzraum, erased["id"])
        await eventually(lambda: len(member.about) == len(coordinator.about) == 3)
    assert member.about[1:] == [([], [raised["id"]]), ([], [erased["id"]])]
    assert coordinator.about[1:] == [([raised["id"]], []), ([], [erased["id"]])]


@pytest.mark.parametrize("of_all_spaces", [True, False])
async def test_who_was_removed_loses_sight_of_all_that_is_open(
    netzraum: InProcess, network: Network, of_all_spaces: bool
) -> None:
    notice = await network.post_notice(network.coordinator, "Nur für uns")
    leaver = await network.take_in("guest", "leaver")
    async with showing(netzraum, network, leaver, notice, of_all_spaces=of_all_spaces) as left:
        await network.coordinator.status("DELETE", f"spaces/{network.space}/members/{network.memberships['leaver']}")
        await eventually(lambda: len(left.about) == 2)
    assert left.about[1:] == [([], [notice["id"]])]


async def test_a_page_of_all_spaces_hears_of_the_items_of_each(netzraum: InProcess, network: Network) -> None:
    other = await found_network(netzraum, network.http)
    reader = network.people["member"]
    here = await network.post_notice(network.coordinator, "Hier, bald vertraulich")
    there = await other.post_notice(other.coordinator, "Woanders, wo man nicht ist")
    kept = await KINDS["polls"].made(network, "Bleibt")
    async with showing(netzraum, network, reader, here, there, kept, of_all_spaces=True) as member:
        assert member.about == [(sorted([here["id"], kept["id"]]), [there["id"]])]
        path = f"spaces/{network.space}/notices/{here['id']}"
        await network.coordinator.change(path, {"classification": "confidential"})
        await eventually(lambda: len(member.about) == 2)
    assert member.about[1:] == [([], [here["id"]])]


@pytest.mark.parametrize("query", ["space=x&items=y", "items=y", f"space={uuid.UUID(int=1)}&items=y", "many"])
async def test_a_page_shows_a_hundred_items_with_ids_at_most(netzraum: InProcess, network: Network, query: str) -> None:
    if query == "many":
        query = f"space={network.space}&items={','.join(str(uuid.uuid4()) for _ in range(101))}"
    async with listening(netzraum, bearer(network.people["member"]), query) as stream:
        assert stream.status == 422


async def its_day_comes(netzraum: InProcess, item: str) -> None:
    """Let the day be today on which the item is to go for good."""
    app = netzraum.standalone.services["content"].app
    async with app.database.transaction() as session:
        (await session.get_one(Item, uuid.UUID(item))).delete_on = utc_now().date()
        for job in await session.scalars(select(JobRow).where(JobRow.kind == ERASE)):
            job.run_at = utc_now()
    app.wake()
