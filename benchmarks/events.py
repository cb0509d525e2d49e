"""Figures of the bus: from the commit in one service to the effect in another, and how many events go through."""

import asyncio
import time
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
LISTENER = "content.events"


async def measure(installation: DistributedInstallation, network: Network) -> list[Figure]:
    urls = {
        name: installation.servers.services[name].environment["NETZRAUM_DATABASE_URL"]
        for name in ("identity", "spaces", "content")
    }
    identity, spaces, content = (Database(url) for url in urls.values())
    try:
        return [
            *await _latency(network, spaces, content),
            await _throughput(installation, identity, content),
        ]
    finally:
        for database in (identity, spaces, content):
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


async def _throughput(installation: DistributedInstallation, identity: Database, content: Database) -> Figure:
    """Outbox to inbox by relay and consumer, against publish-confirm and consume-ack of the same bytes alone."""
    envelopes = [_renamed() for _ in range(EVENTS)]
    ours = EVENTS / await _through_outbox(identity, content, envelopes)
    bare = EVENTS / await _through_broker(installation.servers.rabbit.broker.url_of("identity"), envelopes)
    return Figure(f"{EVENTS:,} events, outbox to inbox, of bare aio-pika", ours / bare, "×", "at least 0.5")


def _renamed() -> Envelope:
    event = AccountChanged(account=new_id(), name="Andrea Köster", institution=new_id(), state="active", version=1)
    data = event.model_dump(mode="json")
    return Envelope(id=new_id(), source="/identity", type=event.TYPE, time=utc_now(), data=data)


async def _through_outbox(identity: Database, content: Database, envelopes: list[Envelope]) -> float:
    before = await _handled(content)
    started = time.perf_counter()
    async with identity.transaction() as session:
        rows = [{"envelope": each.model_dump(mode="json", exclude_none=True)} for each in envelopes]
        await session.execute(insert(OutboxRow), rows)
        await dialect.wake_relay(session)
    while await _handled(content) < before + len(envelopes):
        if time.perf_counter() - started > PATIENCE_S:
            raise RuntimeError("not all events arrived")
        await asyncio.sleep(0.05)
    return time.perf_counter() - started


async def _handled(content: Database) -> int:
    async with content.session() as session:
        return await session.scalar(select(func.count()).where(InboxRow.handler == LISTENER)) or 0


async def _through_broker(url: str, envelopes: list[Envelope]) -> float:
    """To a quorum queue of our own; one message after the other is acknowledged, published with confirms."""
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel(publisher_confirms=True)
        await channel.set_qos(prefetch_count=100)
        queue = await channel.declare_queue("identity.bench", durable=True, arguments={"x-queue-type": "quorum"})
        exchange = await channel.get_exchange(EXCHANGE)
        await queue.bind(exchange, "identity.bench.v1")
        started = time.perf_counter()
        publishing = asyncio.create_task(_publish(exchange, envelopes))
        count = 0
        async with queue.iterator() as messages:
            async for message in messages:
                await message.ack()
                count += 1
                if count == len(envelopes):
                    break
        await publishing
        seconds = time.perf_counter() - started
        await queue.delete(if_unused=False, if_empty=False)
        return seconds


async def _publish(exchange: aio_pika.abc.AbstractExchange, envelopes: list[Envelope]) -> None:
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
