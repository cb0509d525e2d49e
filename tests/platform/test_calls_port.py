"""The port for calls, over both ways to call: a call of our own, and a request that is passed on unchanged."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from netzraum_platform.calls import Calls, HttpCalls, InProcessCalls, internal
from netzraum_platform.errors import Unavailable
from tests.harness import eventually


def peer() -> FastAPI:
    app = FastAPI()

    @app.api_route("/echo/{rest:path}", methods=["GET", "PUT"])
    async def echo(request: Request) -> StreamingResponse:
        body = await request.body()

        async def parts() -> AsyncIterator[bytes]:
            yield request.scope["raw_path"] + b"?" + request.scope["query_string"] + b"\n"
            yield body

        kept = {"x-seen": request.headers.get("x-sent", ""), "etag": '"7"'}
        answer = StreamingResponse(parts(), 207, headers=kept)
        answer.set_cookie("one", "1")
        answer.set_cookie("two", "2")
        return answer

    @app.get("/mistake")
    async def mistake() -> None:
        raise RuntimeError("a mistake of the peer's")

    @app.get("/silence")
    async def silence(request: Request) -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    return app


@asynccontextmanager
async def over_http() -> AsyncIterator[Calls]:
    server = uvicorn.Server(uvicorn.Config(peer(), port=0, log_level="error", lifespan="off"))
    task = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    calls = HttpCalls({"peer": f"http://127.0.0.1:{port}", internal("peer"): "http://127.0.0.1:9"})
    await calls.start()
    yield calls
    await calls.stop()
    server.should_exit = True
    await task


@asynccontextmanager
async def in_process() -> AsyncIterator[Calls]:
    calls = InProcessCalls()
    calls.add("peer", peer())
    yield calls


@pytest.fixture(params=[over_http, in_process])
async def calls(request: pytest.FixtureRequest) -> AsyncIterator[Calls]:
    async with request.param() as started:
        yield started


@asynccontextmanager
async def client(calls: Calls, name: str = "peer") -> AsyncIterator[httpx.AsyncClient]:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await calls.forward(name, scope, receive, send)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://front") as http:
        yield http


async def test_path_query_headers_body_and_cookies_pass_unchanged(calls: Calls) -> None:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 10_000

    async with client(calls) as http:
        reply = await http.put("/echo/a%2Fb/%C3%BC?q=1%202&q=3", content=body(), headers={"x-sent": "ja"})
    assert reply.status_code == 207
    assert reply.headers["x-seen"] == "ja"
    assert reply.headers["etag"] == '"7"'
    assert len(reply.headers.get_list("set-cookie")) == 2
    line, _, rest = reply.content.partition(b"\n")
    assert line == b"/echo/a%2Fb/%C3%BC?q=1%202&q=3"
    assert rest == b"x" * 1_000_000


async def test_a_call_gives_status_headers_and_body(calls: Calls) -> None:
    reply = await calls.request("peer", "PUT", "/echo/x?y=z", json={"a": 1}, headers={"X-Sent": "hier"})
    assert (reply.status, reply.headers["x-seen"]) == (207, "hier")
    assert reply.body == b'/echo/x?y=z\n{"a":1}'


async def test_a_call_takes_octets_as_they_are(calls: Calls) -> None:
    octets = bytes(range(256))
    reply = await calls.request("peer", "PUT", "/echo/%C3%BC", content=octets, headers={"content-type": "image/png"})
    assert reply.body == b"/echo/%C3%BC?\n" + octets


async def test_an_answer_of_a_peer_is_no_error_here(calls: Calls) -> None:
    reply = await calls.request("peer", "GET", "/nowhere")
    assert (reply.status, reply.json()) == (404, {"detail": "Not Found"})


async def test_a_peer_that_fails_answers_500(calls: Calls) -> None:
    assert (await calls.request("peer", "GET", "/mistake")).status == 500


async def test_a_peer_that_keeps_silent_is_unavailable(calls: Calls) -> None:
    with pytest.raises(Unavailable):
        await calls.request("peer", "GET", "/silence", timeout_s=0.05)


async def test_a_peer_that_nobody_knows_is_unavailable(calls: Calls) -> None:
    with pytest.raises(Unavailable):
        await calls.request("nobody", "GET", "/echo/x")


async def test_a_peer_that_is_gone_is_unavailable(calls: Calls) -> None:
    with pytest.raises(Unavailable):
        await calls.request(internal("peer"), "GET", "/echo/x")
    async with client(calls, internal("peer")) as http:
        with pytest.raises(Unavailable):
            await http.get("/echo/x")
