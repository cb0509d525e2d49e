"""The floors: a route with one SELECT, and a page of 10 kB, with nothing around them.

Run as ``python -m uvicorn benchmarks.bare:app`` with ``BARE_DATABASE`` (postgresql://…).
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from fastapi import FastAPI, Request, Response
from jinja2 import Environment

ROWS = [{"title": f"Aushang {number}", "text": "Lorem ipsum dolor sit amet " * 5} for number in range(50)]
PAGE = Environment(autoescape=True).from_string(
    "<!doctype html><title>Page</title>{% for row in rows %}<article><h2>{{ row.title }}</h2>"
    "<p>{{ row.text }}</p></article>{% endfor %}"
)


@asynccontextmanager
async def _with_database(api: FastAPI) -> AsyncIterator[None]:
    api.state.pool = await asyncpg.create_pool(os.environ["BARE_DATABASE"], min_size=2, max_size=10)
    yield
    await api.state.pool.close()


app = FastAPI(lifespan=_with_database)


@app.get("/health/ready")
async def ready() -> dict[str, bool]:
    return {"ready": True}


@app.get("/item")
async def item(request: Request) -> Response:
    """As many bytes as the query names (``/item?1200``), out of one SELECT."""
    text = await app.state.pool.fetchval("SELECT repeat('x', $1)", int(request.scope["query_string"]))
    return Response(text, media_type="application/json")


@app.get("/page")
async def page() -> Response:
    return Response(PAGE.render(rows=ROWS), media_type="text/html")
