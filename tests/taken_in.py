"""Files that are taken in by a job: waiting for its end."""

from typing import Any

import httpx

from tests.harness import eventually
from tests.world import Json, Person


async def taken_in(reply: httpx.Response, person: Person, limit_s: float = 30.0) -> Json:
    """What became of a file that was accepted."""
    assert reply.status_code == 202, reply.text
    path = reply.headers["Location"].removeprefix("/api/v1/")
    assert path.endswith(f"/imports/{reply.json()['id']}")

    async def ended() -> Any:
        found = await person.get(path)
        return found if found["state"] != "running" else None

    found: Json = await eventually(ended, limit_s)
    return found
