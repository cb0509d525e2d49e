"""Both engines, the data files, and a copy of the policies that a test may change."""

import shutil
from pathlib import Path

import pytest

from netzraum_standalone.policy.bundle import Engine
from tests.policy.engines import Module, Sidecar

POLICIES = Path(__file__).parents[2] / "policies"


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine.of(POLICIES)


@pytest.fixture(scope="session")
def module(engine: Engine) -> Module:
    return Module(engine)


@pytest.fixture(scope="session")
def sidecar(opa: str) -> Sidecar:
    return Sidecar(opa)


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """A copy of policies/ to change."""
    return shutil.copytree(POLICIES, tmp_path / "policies")
