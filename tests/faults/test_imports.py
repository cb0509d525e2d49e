"""When a service is killed while it takes a file in, all of the file comes in nevertheless, and nothing of it twice."""

import io
import secrets
import zipfile
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import Any

from netzraum_items.imports import TOGETHER
from netzraum_standalone.demo.client import until
from tests.calendar.test_files import event_of, file_of
from tests.end_to_end.installations import DistributedInstallation
from tests.end_to_end.people import Network

COUNT = 6 * TOGETHER + 1


def calendar_of(titles: list[str]) -> bytes:
    return file_of(
        *(event_of(f"SUMMARY:{title}", "DTSTART:20300105T090000Z", uid=f"{title}@faults") for title in titles)
    ).encode()


def archive_of(titles: list[str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for title in titles:
            archive.writestr(f"{title}.md", f"# {title}\n\nSiehe [[{titles[0]}]].")
    return file.getvalue()


@dataclass
class FileTakenIn:
    """A file on its way into one of the tools."""

    network: Network
    service: str
    sent_to: str
    listed: str
    path: str = ""

    async def begin(self, content: bytes) -> None:
        coordinator = self.network.coordinator
        reply = await coordinator.http.post(
            f"/api/v1/spaces/{self.network.space}/{self.sent_to}/import",
            files={"file": ("file", content)},
            headers={"authorization": f"Bearer {coordinator.tokens['access_token']}"},
        )
        assert reply.status_code == 202, reply.text
        self.path = reply.headers["location"].removeprefix("/api/v1/")

    async def progress(self) -> Any:
        return await self.network.coordinator.get(self.path)

    async def is_amid(self) -> bool:
        done = (await self.progress())["done"]
        assert done < COUNT, "it was too quick to be killed amid"
        return bool(done)

    async def waiting(self, installation: DistributedInstallation) -> int:
        """Asked of the database: the service is down, and later has enough to do."""
        async with installation.servers.postgres.cluster.connection(self.service) as database:
            count: int = await database.fetchval(
                "SELECT count(*) FROM import_entries WHERE import_id = $1", self.path.rpartition("/")[2]
            )
            return count

    async def is_done(self, installation: DistributedInstallation) -> bool:
        return await self.waiting(installation) == 0

    async def titles(self) -> list[str]:
        found: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            page = await self.network.coordinator.get(
                f"spaces/{self.network.space}/{self.listed}?limit=200{cursor and f'&cursor={cursor}'}"
            )
            found += [item["title"] for item in page["items"]]
            cursor = page["next"]
        return found


async def test_imports_go_on_where_their_services_were_killed(
    installation: DistributedInstallation, network: Network
) -> None:
    """Both at once, as they wait for half a minute until nobody else can be at work on them."""
    mark = secrets.token_hex(4)
    titles = [f"{mark}-{number}" for number in range(COUNT)]
    await network.coordinator.renew()  # not amid what dies
    files = [
        FileTakenIn(network, "calendar", "events", "events"),
        FileTakenIn(network, "content", "wiki", "wiki/pages"),
    ]
    for file, content in zip(files, (calendar_of(titles), archive_of(titles)), strict=True):
        server = installation.servers.services[file.service]
        await file.begin(content)
        await until(file.is_amid, "the first block to be in")
        await server.kill()
        left = await file.waiting(installation)
        assert 0 < left < COUNT
        await server.start()
    for file in files:
        await until(partial(file.is_done, installation), "the rest to be in")
        found = await file.progress()
        assert (found["state"], found["refused"]) == ("done", [])
        assert found["summary"] == {"new": COUNT, "unchanged": 0, "changed": 0, "faulty": 0}
        assert Counter(title for title in await file.titles() if title.startswith(mark)) == Counter(titles)
