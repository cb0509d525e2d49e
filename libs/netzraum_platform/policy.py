"""The policy port: an Open Policy Agent sidecar, or the same policy compiled to WebAssembly in this process."""

import asyncio
import time
from pathlib import Path
from typing import Any, Protocol

import orjson
import structlog
import yaml
from aiohttp import ClientError
from opa_client import AsyncOpaClient  # type: ignore[import-untyped]  # ships no types
from opa_client.errors import PolicyNotFoundError  # type: ignore[import-untyped]  # ships no types
from opapywasm import OpaWasmError, OpaWasmPolicy, PolicyConfig
from yarl import URL

from netzraum_platform import metrics
from netzraum_platform.errors import Unavailable
from netzraum_platform.publication import Publication, publication

Answer = dict[str, Any]
PACKAGE = "netzraum/authz"
WATCH_S = 0.5
_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's, ten times as fast, where PyYAML was built with it."""

log = structlog.get_logger(__name__)


class NoDecision(Unavailable):
    """The policy did not answer: nothing is allowed and nothing is shown (503)."""

    def __init__(self) -> None:
        super().__init__("policy")


class Policy(Protocol):
    """One question, one answer. An undefined answer is ``{}``, which allows nothing."""

    revision: str

    @property
    def edition(self) -> str:
        """What tells policies apart that may answer differently, as of the last answer; empty where nothing does."""
        ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def evaluate(self, entrypoint: str, question: dict[str, Any]) -> Answer:
        """Ask ``decision``, ``visibility`` or ``audience``.

        Raises:
            NoDecision: the engine is not there or failed.
        """
        ...

    async def publication(self) -> Publication:
        """Which policy is in force, since when, by whom.

        Raises:
            NoDecision: the engine is not there.
        """
        ...


class SidecarPolicy:
    """Open Policy Agent beside the service, over loopback. Its revision comes with each answer.

    ``published`` is the folder of `netzraum policy publish`, where this machine has it.
    """

    def __init__(self, url: str, service: str, timeout_s: float = 1.0, published: Path | None = None) -> None:
        address = URL(url)
        self._client = AsyncOpaClient(host=address.host, port=address.port, retries=0, timeout=timeout_s)
        self._service = service
        self._published = published
        self.revision = ""

    @property
    def edition(self) -> str:
        return self.revision

    async def start(self) -> None:
        await self._client.__aenter__()
        self._started = True

    async def stop(self) -> None:
        self._started = False
        await self._client.__aexit__(None, None, None)

    async def evaluate(self, entrypoint: str, question: dict[str, Any]) -> Answer:
        if not self._started:
            raise NoDecision
        started = time.perf_counter()
        try:
            reply = await self._client.query_rule(question, PACKAGE, entrypoint, {"provenance": "true"})
        except (ClientError, TimeoutError, OSError, ValueError, RuntimeError) as error:  # RuntimeError: it is closed
            log.error(
                "no_decision",
                service=self._service,
                entrypoint=entrypoint,
                error=repr(error),
            )
            raise NoDecision from error
        bundles = reply.get("provenance", {}).get("bundles", {})
        self.revision = next((bundle.get("revision", "") for bundle in bundles.values()), "")
        metrics.DECISION_SECONDS.labels(self._service, entrypoint).observe(time.perf_counter() - started)
        answer: Answer = reply.get("result", {})
        return answer

    async def publication(self) -> Publication:
        """As the sidecar's bundle says of itself."""
        try:
            bundles = (await self._client.get_data("system/bundles")).get("result", {})
        except (ClientError, TimeoutError, OSError, ValueError, RuntimeError, PolicyNotFoundError) as error:
            raise NoDecision from error
        manifest: dict[str, Any] = next((bundle.get("manifest", {}) for bundle in bundles.values()), {})
        return publication(manifest.get("revision", ""), manifest.get("metadata", {}), self._published)


class CompiledPolicy:
    """The compiled module, with the data files read from ``folder/bundle``; a changed file is in force at once.

    What cannot be read changes nothing: the former policy stays in force and ``error`` says why.
    """

    def __init__(self, folder: Path, service: str, pool_size: int = 2) -> None:
        self._folder = folder
        self._service = service
        self._config = PolicyConfig(pool_size=pool_size)
        self._module: OpaWasmPolicy | None = None
        self._metadata: dict[str, Any] = {}
        self._seen: dict[Path, int] = {}
        self._watching: asyncio.Task[None] | None = None
        self._loads = 0
        self.revision = ""
        self.error: str | None = None

    @property
    def edition(self) -> str:
        """A changed data file keeps the revision."""
        return f"{self.revision}/{self._loads}"

    async def start(self) -> None:
        if self._watching is not None:
            return
        self._load(self._files())
        self._watching = asyncio.create_task(self._watch(), name=f"policy of {self._service}")

    async def stop(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            self._watching = None

    async def evaluate(self, entrypoint: str, question: dict[str, Any]) -> Answer:
        if self._module is None:
            raise NoDecision
        started = time.perf_counter()
        try:
            answer = self._module.evaluate(orjson.dumps(question), entrypoint=f"{PACKAGE}/{entrypoint}")
        except OpaWasmError as error:
            log.error(
                "no_decision",
                service=self._service,
                entrypoint=entrypoint,
                error=repr(error),
            )
            raise NoDecision from error
        metrics.DECISION_SECONDS.labels(self._service, entrypoint).observe(time.perf_counter() - started)
        return answer if isinstance(answer, dict) else {}

    async def publication(self) -> Publication:
        return await asyncio.to_thread(publication, self.revision, self._metadata, self._folder, self.error)

    def _files(self) -> dict[Path, int]:
        """Every file that makes up the policy, with the time of its last change."""
        bundle = self._folder / "bundle"
        files = [
            self._folder / "policy.wasm",
            bundle / ".manifest",
            *sorted(bundle.rglob("data.yaml")),
        ]
        return {file: file.stat().st_mtime_ns for file in files}

    async def _watch(self) -> None:
        """Look for changed files; whatever is wrong with them, the former policy stays in force."""
        while True:
            await asyncio.sleep(WATCH_S)
            try:
                files = self._files()
                if files != self._seen:
                    self._load(files)
            except Exception as error:
                if self.error != str(error):
                    log.error("policy_not_loaded", service=self._service, error=str(error))
                self.error = str(error)

    def _load(self, files: dict[Path, int]) -> None:
        """
        Raises:
            ValueError, OSError, YAMLError, OpaWasmError: the files make no policy.
        """
        self._seen = files
        module = OpaWasmPolicy.from_wasm_file(self._folder / "policy.wasm", config=self._config)
        module.set_data(read_data(self._folder / "bundle"))
        manifest = orjson.loads((self._folder / "bundle" / ".manifest").read_bytes())
        if not isinstance(module.evaluate(b"{}", entrypoint=f"{PACKAGE}/decision"), dict):
            raise ValueError("the policy gives no decision")
        self._module, self.revision, self.error = module, manifest.get("revision", ""), None
        self._metadata = manifest.get("metadata", {})
        self._loads += 1
        log.info("policy_loaded", service=self._service, revision=self.revision)


def read_data(bundle: Path) -> dict[str, Any]:
    """The data document of a bundle: each ``data.yaml`` under the path of its folder, as OPA reads it.

    Raises:
        ValueError: a file holds no names with values.
    """
    document: dict[str, Any] = {}
    for file in sorted(bundle.rglob("data.yaml")):
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506  # a safe one
        if not isinstance(data, dict):
            raise ValueError(f"{file.relative_to(bundle)} holds no names with values")
        place = document
        *parents, last = file.parent.relative_to(bundle).parts
        for name in parents:
            place = place.setdefault(name, {})
        place[last] = {**place.get(last, {}), **data}
    return document
