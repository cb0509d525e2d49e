"""Live updates: those who see something hear that it is there, in which tool of which space, and nothing else."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from urllib.parse import quote

from starlette.types import Message

from netzraum_platform.database import utc_now
from tests.end_to_end.people import Network, Somebody
from tests.gateway.browser import Browser
from tests.gateway.conftest import InProcess
from tests.harness import eventually


class Stream:
    """An open stream: the status of the answer, and the messages that came."""

    def __init__(self) -> None:
        self.status = 0
        self.messages: list[dict[str, str]] = []
        self.closed = False
        self.gone = asyncio.Event()

    async def receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        for line in message.get("body", b"").decode().splitlines():
            if line.startswith("data: "):
                self.messages.append(json.loads(line.removeprefix("data: ")))
        self.closed = not message.get("more_body", False)


@asynccontextmanager
async def listening(netzraum: InProcess, headers: dict[str, str]) -> AsyncIterator[Stream]:
    stream = Stream()
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/api/v1/live",
        "raw_path": b"/api/v1/live",
        "query_string": b"",
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
    netzraum: InProcess, network: Network, browser: Browser
) -> None:
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
