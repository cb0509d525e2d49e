"""Questions over connections that stay open: each gets its own answer, in time or not at all."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from netzraum_platform.wire import Wire

Answering = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """Answers as it is told, and counts connections."""

    def __init__(self, answer: Answering) -> None:
        self._answer = answer
        self.connections = 0
        self.port = 0

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self._answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def serving(answer: Answering, timeout_s: float = 5.0) -> AsyncIterator[tuple[Server, Wire]]:
    server = Server(answer)
    listening = await asyncio.start_server(server.take, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    wire = Wire("127.0.0.1", server.port, timeout_s)
    try:
        yield server, wire
    finally:
        wire.close()
        listening.close()


async def body_of(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    return await reader.readexactly(int(head.rpartition(b"Content-Length: ")[2]))


def reply(body: bytes, *headers: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(reply(await body_of(reader)))


async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(reply(await body_of(reader)))


async def once_and_says_so(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(reply(await body_of(reader), "Connection: close"))
    await reader.read()


async def in_chunks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        body = await body_of(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for byte in body:
            writer.write(b"1\r\n%c\r\n" % byte)
        writer.write(b"0\r\n\r\n")


async def silent_at_first(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    body = await body_of(reader)
    if body != b"first":
        writer.write(reply(body))
    await reader.read()


async def nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await body_of(reader)
    writer.write(b"what?\r\n\r\n")
    await reader.read()


async def ask(wire: Wire, body: bytes) -> bytes:
    status, answer = await wire.post(wire.head("/"), body)
    assert status == 200
    return answer


@pytest.mark.parametrize("answer", [echo, in_chunks])
async def test_one_connection_serves_one_question_after_another(answer: Answering) -> None:
    async with serving(answer) as (server, wire):
        assert [await ask(wire, b"%d" % number) for number in range(5)] == [b"0", b"1", b"2", b"3", b"4"]
        assert server.connections == 1


async def test_questions_at_the_same_time_get_their_own_answers() -> None:
    async with serving(echo) as (server, wire):
        bodies = [b"%d" % number for number in range(20)]
        assert await asyncio.gather(*(ask(wire, body) for body in bodies)) == bodies
        assert await asyncio.gather(*(ask(wire, body) for body in bodies)) == bodies
        assert server.connections == 20


@pytest.mark.parametrize("answer", [once, once_and_says_so])
async def test_a_connection_that_was_closed_is_replaced(answer: Answering) -> None:
    async with serving(answer) as (server, wire):
        assert [await ask(wire, b"%d" % number) for number in range(3)] == [b"0", b"1", b"2"]
        assert server.connections == 3


async def test_a_late_answer_is_none_and_never_the_next_ones() -> None:
    async with serving(silent_at_first, timeout_s=1.0) as (_, wire):
        with pytest.raises(TimeoutError):
            await ask(wire, b"first")
        assert await ask(wire, b"second") == b"second"


async def test_who_stops_waiting_leaves_no_answer_behind() -> None:
    async with serving(silent_at_first) as (server, wire):
        waiting = asyncio.create_task(ask(wire, b"first"))
        while not server.connections:
            await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert await ask(wire, b"second") == b"second"


async def test_what_is_no_answer_is_an_error() -> None:
    async with serving(nonsense) as (_, wire):
        with pytest.raises(OSError, match="not to be understood"):
            await ask(wire, b"first")


async def test_nobody_there_is_an_error() -> None:
    with pytest.raises(ConnectionRefusedError):
        await ask(Wire("127.0.0.1", 1, 1.0), b"first")
