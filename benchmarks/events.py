"""Figures of the bus: from the commit in one service to the effect in another, and how many events go through."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime

import aio_pika
from sqlalchemy import func, insert, select

from benchmarks.ground import Ground
from benchmarks.load import quantile
from benchmarks.report import Figure, Report
from netzraum_contracts.identity import AccountChanged
from netzraum_platform import dialect
from netzraum_platform.database import Database, new_id, utc_now
from netzraum_platform.events import Envelope
from netzraum_platform.rabbit import EXCHANGE
from netzraum_platform.tables import InboxRow, OutboxRow
from tests.end_to_end.installations import DistributedInstallation

PER_SECOND = 200
PACED = 1_000
"""Events at that pace."""
EVENTS = 3_000
PATIENCE_S = 60.0
HEARING = ("spaces", "content", "calendar", "polls")
"""The services that hear of accounts."""


async def measure(ground: Ground, report: Report) -> None:
    async with AsyncExitStack() as stack:
        databases = {name: await stack.enter_async_context(ground.database(name)) for name in ("identity", *HEARING)}
        await report.row(f"{PER_SECOND} events/s", _latency(databases["identity"], databases["content"]))
        await report.row(f"{EVENTS:,} events", _throughput(ground.installation, databases))


async def _latency(identity: Database, content: Database) -> list[Figure]:
    """From the row in identity's outbox to the row in content's inbox, both by the clock of this machine."""
    begun = utc_now()
    envelopes = [_renamed() for _ in range(PACED)]
    await asyncio.gather(*(_commit_later(identity, each, turn / PER_SECOND) for turn, each in enumerate(envelopes)))
    async with identity.session() as session:
        rows = list(await session.scalars(select(OutboxRow).where(OutboxRow.created_at >= begun)))
    ours = {str(each.id) for each in envelopes}
    written = {row.envelope["id"]: row.created_at for row in rows if row.envelope["id"] in ours}
    arrived = await _all_arrived(content, begun, ours)
    seconds = [(arrived[event] - at).total_seconds() for event, at in written.items()]
    name = f"event, commit to effect in another service at {PER_SECOND} events/s"
    return [
        Figure(f"{name}, p50", 1000 * quantile(seconds, 50), "ms", "under 20"),
        Figure(f"{name}, p99", 1000 * quantile(seconds, 99), "ms", "under 200"),
    ]


async def _commit_later(identity: Database, envelope: Envelope, after_s: float) -> None:
    await asyncio.sleep(after_s)
    await _commit(identity, [envelope])


async def _commit(identity: Database, envelopes: Sequence[Envelope]) -> None:
    async with identity.transaction() as session:
        rows = [{"envelope": each.model_dump(mode="json", exclude_none=True)} for each in envelopes]
        await session.execute(insert(OutboxRow), rows)
        await dialect.wake_relay(session)


async def _all_arrived(content: Database, since: datetime, events: set[str]) -> dict[str, datetime]:
    rows = select(InboxRow.event_id, InboxRow.received_at).where(
        InboxRow.handler == "content.events", InboxRow.received_at >= since
    )
    arrived: dict[str, datetime] = {}
    async with asyncio.timeout(PATIENCE_S):
        while not events <= arrived.keys():
            await asyncio.sleep(0.1)
            async with content.session() as session:
                arrived = {str(row.event_id): row.received_at for row in await session.execute(rows)}
    return arrived


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
    await _commit(identity, envelopes)
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
