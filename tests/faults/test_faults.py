"""When a part of the distributed set dies, nothing is lost, and nothing is shown to the wrong person."""

import asyncio
import json
import secrets

import aio_pika
from aio_pika.abc import AbstractQueue

from netzraum_platform.rabbit import EXCHANGE
from netzraum_standalone.demo.client import until
from tests.end_to_end.installations import DistributedInstallation
from tests.end_to_end.people import Network

NOTICES = 500
AT_ONCE = 8


def board_of(network: Network) -> str:
    return f"spaces/{network.space}/notices"


async def answers(network: Network, status: int) -> bool:
    return await network.people["member"].status("GET", board_of(network)) == status


async def test_no_event_is_lost_when_the_broker_dies(installation: DistributedInstallation, network: Network) -> None:
    rabbit = installation.servers.rabbit
    url = rabbit.broker.url_of("content")
    queue = f"content.heard-{secrets.token_hex(4)}"
    async with await aio_pika.connect(url) as connection:
        await _listening(await connection.channel(), queue)
    await rabbit.restart()  # a node writes its list of queues late: one that is 2 s old does not outlive a crash
    todo = iter(range(NOTICES))
    written: list[str] = []

    async def write() -> None:
        for number in todo:
            notice = await network.post_notice(network.coordinator, f"Aushang {number}")
            written.append(notice["id"])

    writing = asyncio.gather(*(write() for _ in range(AT_ONCE)))
    await until(lambda: _is_more_than(written, NOTICES // 10), "some notices to be written")
    await rabbit.kill()
    await until(lambda: _is_more_than(written, NOTICES // 2), "notices to be written without a broker")
    await rabbit.start()
    await writing
    heard: set[str] = set()
    async with await aio_pika.connect(url) as connection:
        messages = await _listening(await connection.channel(), queue)

        async def have_all() -> bool:
            while (message := await messages.get(fail=False)) is not None:
                await message.ack()
                heard.add(json.loads(message.body)["data"]["item"])
            return heard >= set(written)

        await until(have_all, "all events")
        await messages.delete(if_unused=False, if_empty=False)
    assert len(written) == len(set(written)) == NOTICES


async def _listening(channel: aio_pika.abc.AbstractChannel, name: str) -> AbstractQueue:
    queue = await channel.declare_queue(name, durable=True, arguments={"x-queue-type": "quorum"})
    await queue.bind(EXCHANGE, "content.notice.changed.v1")
    return queue


async def _is_more_than(written: list[str], count: int) -> bool:
    return len(written) > count


async def test_nothing_is_shown_without_the_policy(installation: DistributedInstallation, network: Network) -> None:
    sidecar = installation.servers.sidecars["content"]
    await sidecar.kill()
    try:
        reply = await network.people["member"].send("GET", board_of(network))
        assert reply.status_code == 503
        assert "items" not in reply.json()
    finally:
        await sidecar.start()
    await until(lambda: answers(network, 200), "the board to be shown again")


async def test_nothing_is_lost_when_the_database_dies(installation: DistributedInstallation, network: Network) -> None:
    title = f"Vor dem Ausfall {secrets.token_hex(4)}"
    await network.post_notice(network.coordinator, title)
    await installation.servers.postgres.kill()
    try:
        assert await network.people["member"].status("GET", board_of(network)) == 503
    finally:
        await installation.servers.postgres.start()
    await until(lambda: answers(network, 200), "the database to be used again")
    assert title in await network.people["member"].titles(network.space)


async def test_who_was_removed_while_a_service_was_down_sees_nothing_after(
    installation: DistributedInstallation, network: Network
) -> None:
    leaver = await network.take_in("member", "leaver")
    content = installation.servers.services["content"]
    await content.kill()
    try:
        assert await leaver.status("GET", board_of(network)) == 503
        path = f"spaces/{network.space}/members/{network.memberships['leaver']}"
        assert (await network.coordinator.send("DELETE", path, None, if_match="*")).status_code == 204
    finally:
        await content.start()
    assert await leaver.status("GET", board_of(network)) in (403, 404)


async def test_what_a_dead_service_would_tell_is_named_as_missing(
    installation: DistributedInstallation, network: Network
) -> None:
    polls = installation.servers.services["polls"]
    await polls.kill()
    try:
        assert (await network.people["member"].get("overview"))["missing"] == ["polls"]
    finally:
        await polls.start()
