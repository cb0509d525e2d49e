"""Open Policy Agent as a sidecar: takes a signed bundle from an endpoint of ours, and a newer one without a restart.

Not from a file: it reads `file://` once, and what `--watch` reloads it does not verify.
"""

import asyncio
import json
import secrets
from pathlib import Path

from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from netzraum_standalone.servers.native import NativeServer, answers_ok
from netzraum_standalone.servers.process import Command, free_port, plain_environment
from netzraum_standalone.servers.programs import OPA

KEY_ID = "netzraum"
ALGORITHM = "ES256"
POLL_SECONDS = (1, 2)
FRUGAL = {"GOGC": "400", "GOMAXPROCS": "1"}
"""A heap of 25 MB is cleaned seldom, and many sidecars share a machine: a decision costs 0.75 x, for 20 MB more."""


class BundleRefused(Exception):
    """The policy cannot be made into a bundle; the message is the compiler's. The former bundle stays."""


class SignedBundle:
    """A bundle of policies, the key that signs it, and the endpoint on loopback that sidecars poll.

    `publish` makes it anew (so does `netzraum policy publish`); between `start` and `stop` it is served.
    """

    def __init__(self, folder: Path) -> None:
        self.archive = folder / "bundle.tar.gz"
        self.port = free_port()
        self._endpoint: web.AppRunner | None = None
        self._folder = folder
        self.key = folder / "signing-key.pem"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        async def archive(_: web.Request) -> web.FileResponse:
            return web.FileResponse(self.archive)  # answers 304 to the ETag of the last one

        app = web.Application()
        app.router.add_get(f"/{self.archive.name}", archive)
        self._endpoint = web.AppRunner(app, access_log=None)
        await self._endpoint.setup()
        await web.TCPSite(self._endpoint, "127.0.0.1", self.port).start()

    async def stop(self) -> None:
        if self._endpoint is not None:
            await self._endpoint.cleanup()

    async def publish(self, policies: Path) -> None:
        """Compile and sign the folder of policies; sidecars take it within 3 s.

        Raises:
            BundleRefused: it does not compile.
        """
        self.make_key()
        target = self._folder / f".{secrets.token_hex(8)}.tar.gz"
        signing: list[str | Path] = ["--signing-key", self.key, "--signing-alg", ALGORITHM]
        arguments: list[str | Path] = [
            "build",
            "--bundle",
            policies,
            "--ignore",
            "*_test.rego",
            "--output",
            target,
            *signing,
        ]
        build = await asyncio.create_subprocess_exec(OPA.path(), *arguments, stdout=asyncio.subprocess.PIPE)
        errors, _ = await build.communicate()
        if build.returncode:
            raise BundleRefused(errors.decode(errors="replace"))
        target.replace(self.archive)

    def public_key(self) -> str:
        """In PEM, to check the signature with."""
        key = serialization.load_pem_private_key(self.key.read_bytes(), password=None).public_key()
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return key.public_bytes(serialization.Encoding.PEM, form).decode("ascii")

    def make_key(self) -> None:
        """Make the key that signs, where there is none."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if self.key.exists():
            return
        pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self.key.touch(mode=0o600)
        self.key.write_bytes(pem)


class OpaServer(NativeServer):
    """A sidecar of one service; several may share a bundle. It is ready when it has verified its bundle."""

    def __init__(self, folder: Path, bundle: SignedBundle, *, name: str = "opa", port: int | None = None) -> None:
        super().__init__(name, folder)
        self.bundle = bundle
        self.port = port or free_port()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def prepare(self) -> None:
        await super().prepare()
        least, most = POLL_SECONDS
        configuration = {
            "services": {"policies": {"url": self.bundle.url}},
            "bundles": {
                "netzraum": {
                    "service": "policies",
                    "resource": self.bundle.archive.name,
                    "polling": {"min_delay_seconds": least, "max_delay_seconds": most},
                    "signing": {"keyid": KEY_ID},
                }
            },
            "keys": {KEY_ID: {"algorithm": ALGORITHM, "key": self.bundle.public_key()}},
            "decision_logs": {"console": True, "mask_decision": "/system/log/mask"},
        }
        self._configuration.write_text(json.dumps(configuration), encoding="ascii")

    def command(self) -> Command:
        arguments: list[str | Path] = [OPA.path(), "run", "--server", "--addr", f"127.0.0.1:{self.port}"]
        arguments += ["--config-file", self._configuration, "--disable-telemetry", "--log-level=error"]
        arguments += ["--optimize-store-for-read-speed"]  # the data are read at every question and hardly ever written
        return Command(arguments, plain_environment(HOME=str(self.folder), **FRUGAL), self.folder)

    async def is_ready(self) -> bool:
        return await answers_ok(f"{self.url}/health?bundles")

    @property
    def _configuration(self) -> Path:
        return self.folder / f"{self.name}.json"
