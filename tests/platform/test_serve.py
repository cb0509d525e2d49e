"""A process that is told to stop lets requests end, and ends what never would."""

import asyncio
import os
import signal
import time

import httpx
from starlette.types import Receive, Scope, Send

from netzraum_platform.serve import listen
from netzraum_standalone.servers.process import free_port
from tests.harness import eventually

PATIENCE_S = 3.0
"""Less than a server waits for an answer that does not end."""


async def test_an_open_stream_does_not_hold_up_the_end() -> None:
    ended, streaming = asyncio.Event(), asyncio.Event()

    async def stream(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        streaming.set()
        await ended.wait()
        await send({"type": "http.response.body", "body": b"ended", "more_body": False})

    port = free_port()
    serving = asyncio.create_task(listen((stream, "127.0.0.1", port), end_streams=ended.set))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        reading = asyncio.create_task(_read(http))
        await eventually(streaming.is_set)
        told = time.monotonic()
        os.kill(os.getpid(), signal.SIGTERM)
        await serving
        assert time.monotonic() - told < PATIENCE_S
        assert await reading == "begunended"


async def _read(http: httpx.AsyncClient) -> str:
    while True:
        try:
            return (await http.get("/")).text
        except httpx.ConnectError:
            await asyncio.sleep(0.02)
