"""Figures of the bus: from the commit in one service to the effect in another, and how many events go through."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import datetime

import aio_pika
from sqlalchemy import func, insert, select

from benchmarks.load import quantile
from benchmarks.report import Figure
from netzraum_contracts.identity import AccountChanged
from netzraum_platform import dialect
from netzraum_platform.database import Database, new_id, utc_now
from netzraum_platform.events import Envelope
from netzraum_platform.rabbit import EXCHANGE
from netzraum_platform.tables import InboxRow, OutboxRow
from tests.end_to_end.installations import DistributedInstallation
from tests.end_to_end.people import Network

CHANGES = 200
EVENTS = 3_000
PATIENCE_S = 120.0
HEARING = ("spaces", "content", "calendar", "polls")
"""The services that hear of accounts."""


async def measure(installation: DistributedInstallation, network: Network) -> list[Figure]:
    databases = {
        name: Database(installation.servers.services[name].environment["NETZRAUM_DATABASE_URL"])
        for name in ("identity", *HEARING)
    }
    try:
        return [
            *await _latency(network, databases["spaces"], databases["content"]),
            *await _throughput(installation, databases),
        ]
    finally:
        for database in databases.values():
            await database.close()


async def _latency(network: Network, spaces: Database, content: Database) -> list[Figure]:
    """From the row in spaces' outbox to the row in content's inbox, both by the clock of this machine."""
    begun = utc_now()
    for number in range(CHANGES):
        role = {"title": f"Rolle {number}", "base": "guest", "levels": {}, "clearance": "internal"}
        await network.coordinator.change(f"spaces/{network.space}/roles/rolle", role, "PUT")
    async with spaces.session() as session:
        rows = list(await session.scalars(select(OutboxRow).where(OutboxRow.created_at >= begun)))
    written = {row.envelope["id"]: row.created_at for row in rows}
    deadline = time.monotonic() + PATIENCE_S
    arrived = await _arrived(content, begun)
    while not written.keys() <= arrived.keys():
        if time.monotonic() > deadline:
            raise RuntimeError("not all events arrived")
        await asyncio.sleep(0.1)
        arrived = await _arrived(content, begun)
    seconds = [(arrived[event] - at).total_seconds() for event, at in written.items()]
    return [
        Figure("event, commit to effect in another service, p50", 1000 * quantile(seconds, 50), "ms", "under 20"),
        Figure("event, commit to effect in another service, p99", 1000 * quantile(seconds, 99), "ms", "under 200"),
    ]


async def _arrived(content: Database, since: datetime) -> dict[str, datetime]:
    rows = select(InboxRow.event_id, InboxRow.received_at).where(
        InboxRow.handler == "content.access", InboxRow.received_at >= since
    )
    async with content.session() as session:
        return {str(row.event_id): row.received_at for row in await session.execute(rows)}


async def _throughput(installation: DistributedInstallation, databases: Mapping[str, Database]) -> list[Figure]:
    """Outbox to the inboxes of all who hear it, against publish-confirm and consume-ack of the same bytes alone.

    Against two floors: a queue for each service that hears the events, so as many messages as ours; and one queue.
    """
    envelopes = [_renamed() for _ in range(EVENTS)]
    hearing = [databases[name] for name in HEARING]
    broker = installation.servers.rabbit.broker.url_of("identity")
    ours = EVENTS / await _through_outbox(databases["identity"], hearing, envelopes)
    as_many = EVENTS / await _through_broker(broker, envelopes, len(HEARING))
    one = EVENTS / await _through_broker(broker, envelopes, 1)
    name = f"{EVENTS:,} events, outbox to {len(HEARING)} inboxes"
    return [
        Figure(f"{name}, of bare aio-pika to as many queues", ours / as_many, "×", "at least 0.5"),
        Figure(f"{name}, of bare aio-pika to one queue", ours / one, "×", ""),
        Figure(f"{name}, events/s", ours, "", ""),
    ]


def _renamed() -> Envelope:
    event = AccountChanged(account=new_id(), name="Andrea Köster", institution=new_id(), state="active", version=1)
    data = event.model_dump(mode="json")
    return Envelope(id=new_id(), source="/identity", type=event.TYPE, time=utc_now(), data=data)


async def _through_outbox(identity: Database, hearing: Sequence[Database], envelopes: Sequence[Envelope]) -> float:
    before = [await _handled(database) for database in hearing]
    started = time.perf_counter()
    async with identity.transaction() as session:
        rows = [{"envelope": each.model_dump(mode="json", exclude_none=True)} for each in envelopes]
        await session.execute(insert(OutboxRow), rows)
        await dialect.wake_relay(session)
    for database, known in zip(hearing, before, strict=True):
        while await _handled(database) < known + len(envelopes):
            if time.perf_counter() - started > PATIENCE_S:
                raise RuntimeError("not all events arrived")
            await asyncio.sleep(0.05)
    return time.perf_counter() - started


async def _handled(database: Database) -> int:
    async with database.session() as session:
        return await session.scalar(select(func.count()).where(InboxRow.handler.like("%.events"))) or 0


async def _through_broker(url: str, envelopes: Sequence[Envelope], queues: int) -> float:
    """To quorum queues of our own, published with confirms; one message after the other is acknowledged."""
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel(publisher_confirms=True)
        exchange = await channel.get_exchange(EXCHANGE)
        heard = [await _queue(connection, exchange, number) for number in range(queues)]
        started = time.perf_counter()
        publishing = asyncio.create_task(_publish(exchange, envelopes))
        await asyncio.gather(*(_consume(queue, len(envelopes)) for queue in heard))
        await publishing
        seconds = time.perf_counter() - started
        for queue in heard:
            await queue.delete(if_unused=False, if_empty=False)
        return seconds


async def _queue(
    connection: aio_pika.abc.AbstractConnection, exchange: aio_pika.abc.AbstractExchange, number: int
) -> aio_pika.abc.AbstractQueue:
    channel = await connection.channel()
    await channel.set_qos(prefetch_count=100)
    queue = await channel.declare_queue(f"identity.bench.{number}", durable=True, arguments={"x-queue-type": "quorum"})
    await queue.bind(exchange, "identity.bench.v1")
    return queue


async def _consume(queue: aio_pika.abc.AbstractQueue, count: int) -> None:
    async with queue.iterator() as messages:
        async for message in messages:
            await message.ack()
            count -= 1
            if not count:
                return


async def _publish(exchange: aio_pika.abc.AbstractExchange, envelopes: Sequence[Envelope]) -> None:
    for start in range(0, len(envelopes), 200):
        await asyncio.gather(
            *(
                exchange.publish(
                    aio_pika.Message(
                        each.model_dump_json(exclude_none=True).encode(),
                        user_id="identity",
                        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
                    ),
                    "identity.bench.v1",
                )
                for each in envelopes[start : start + 200]
            )
        )
