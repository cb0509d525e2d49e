"""Questions to a server beside us, by HTTP over connections that stay open.

For one small body out and one back many times a request: a general client costs three times as much processor time.
"""

import asyncio

import httptools

MOST_IDLE = 32
LARGEST_ANSWER = 64_000_000


class Connection(asyncio.Protocol):
    """One connection; one question at a time. httptools calls the ``on_…`` functions."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._answered: asyncio.Future[None] | None = None
        self._chunks: list[bytes] = []
        self._size = 0
        self._status = 0
        self._stays = True
        self.open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # of a stream, as create_connection makes
        self.open = True

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(ConnectionError(f"not to be understood: {error}"))

    def on_headers_complete(self) -> None:
        self._status = self._parser.get_status_code()
        self._stays = self._parser.should_keep_alive()

    def on_body(self, body: bytes) -> None:
        self._chunks.append(body)
        self._size += len(body)
        if self._size > LARGEST_ANSWER:
            raise ConnectionError("the answer is too large")

    def on_message_complete(self) -> None:
        if self._answered is None or self._answered.done():
            self.close()  # nothing was asked
        else:
            self._answered.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(ConnectionResetError(f"closed by the peer: {exc or 'at its end'}"))

    def _fail(self, error: Exception) -> None:
        self.close()
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(error)

    async def ask(self, request: bytes, timeout_s: float) -> tuple[int, bytes]:
        """Status and body of the answer. A connection that failed is closed.

        Raises:
            TimeoutError, OSError
        """
        if self._transport is None or not self.open:
            raise ConnectionResetError("closed by the peer")
        loop = asyncio.get_running_loop()
        self._chunks, self._size = [], 0
        self._answered = loop.create_future()
        late = loop.call_later(timeout_s, self._fail, TimeoutError())
        try:
            self._transport.write(request)
            await self._answered
        except BaseException:
            self.close()  # or the next question would get this one's answer
            raise
        finally:
            late.cancel()
            self._answered = None
        if not self._stays:
            self.close()
        return self._status, b"".join(self._chunks)

    def close(self) -> None:
        self.open = False
        if self._transport is not None:
            self._transport.close()


class Wire:
    """Connections to one server, as many as questions are under way."""

    def __init__(self, host: str, port: int, timeout_s: float) -> None:
        self._host = host
        self._port = port
        self._timeout_s = timeout_s
        self._idle: list[Connection] = []

    def head(self, path: str) -> bytes:
        """What comes before the length of a question to ``path``, made once."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        lines = (f"POST {path} HTTP/1.1", f"Host: {host}:{self._port}", "Content-Type: application/json")
        return ("\r\n".join(lines) + "\r\nContent-Length: ").encode("ascii")

    async def post(self, head: bytes, body: bytes) -> tuple[int, bytes]:
        """Ask; where a connection was closed while it lay idle, ask again by a new one.

        Raises:
            TimeoutError, OSError: no answer.
        """
        request = b"%b%d\r\n\r\n%b" % (head, len(body), body)
        while (kept := self._take_idle()) is not None:
            try:
                return await self._ask(kept, request)
            except ConnectionResetError:
                continue
        async with asyncio.timeout(self._timeout_s):
            _, connection = await asyncio.get_running_loop().create_connection(Connection, self._host, self._port)
        return await self._ask(connection, request)

    async def _ask(self, connection: Connection, request: bytes) -> tuple[int, bytes]:
        answer = await connection.ask(request, self._timeout_s)
        if connection.open and len(self._idle) < MOST_IDLE:
            self._idle.append(connection)
        else:
            connection.close()
        return answer

    def _take_idle(self) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.open:
                return connection
        return None

    def close(self) -> None:
        for connection in self._idle:
            connection.close()
        self._idle.clear()
