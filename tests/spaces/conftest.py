"""The service spaces on both databases, with an approved institution."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from netzraum_platform.policy import CompiledPolicy
from netzraum_spaces.app import SERVICE
from tests.harness import POLICIES, ServiceUnderTest, Surroundings, running
from tests.spaces.region import Region, Somebody


class KeptPolicy(CompiledPolicy):
    """Outlives the services of the single tests, so that it is loaded once."""

    async def stop(self) -> None:
        return None

    async def end(self) -> None:
        await super().stop()


@pytest.fixture(scope="session")
async def policy() -> AsyncIterator[KeptPolicy]:
    kept = KeptPolicy(POLICIES, "spaces")
    yield kept
    await kept.end()


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    return Surroundings(tmp_path)


@pytest.fixture
async def spaces(database_url: str, around: Surroundings, policy: KeptPolicy) -> AsyncIterator[ServiceUnderTest]:
    async with running(SERVICE, database_url, around, policy) as service:
        yield service


@pytest.fixture
async def region(spaces: ServiceUnderTest) -> Region:
    return Region(spaces)


@dataclass
class Network:
    """A network space and who coordinates it."""

    region: Region
    coordinator: Somebody
    id: str

    @property
    def path(self) -> str:
        return f"spaces/{self.id}"

    async def body(self, name: str = "Steuerkreis") -> str:
        created = await self.coordinator.post("spaces", {"kind": "body", "name": name, "parent": self.id})
        return str(created["id"])

    async def role_of(self, person: Somebody) -> str:
        return str((await person.get(self.path))["my"]["role"])

    async def own_membership(self) -> str:
        (own,) = (await self.coordinator.get(f"{self.path}/members?q=Vossmann"))["items"]
        return str(own["id"])


@pytest.fixture
async def network(region: Region) -> Network:
    coordinator = await region.somebody("Katrin Vossmann")
    return Network(region, coordinator, await region.approved(coordinator))
