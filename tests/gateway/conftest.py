"""The whole of Netzraum in one process, with the gateway in front: SQLite, the compiled policy, mails in a folder."""

import email
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from email import policy
from pathlib import Path

import httpx
import pytest

from netzraum_gateway.app import Gateway, build
from netzraum_gateway.settings import GatewaySettings, Limits
from netzraum_identity.accounts.service import create_operator
from netzraum_platform.bus import InProcessBus
from netzraum_platform.calls import InProcessCalls
from netzraum_standalone.process import Standalone, running
from netzraum_standalone.settings import StandaloneSettings
from tests.end_to_end.installations import PASSWORD, Installation
from tests.end_to_end.people import Network, found_network
from tests.gateway.browser import Browser

ADDRESS = "http://127.0.0.1:8000"
OPERATOR_MAIL = "betrieb@netzraum.example"


class InProcess(Installation):
    """Netzraum in the process of the test."""

    def __init__(self, folder: Path, standalone: Standalone) -> None:
        super().__init__(folder)
        self.standalone = standalone
        self.address = ADDRESS

    def reports(self) -> list[str]:
        """The mails to the operator, oldest first."""
        letters = [email.message_from_bytes(file.read_bytes(), policy=policy.default) for file in self.mails_in_order()]
        bodies = [letter.get_body(("plain",)) for letter in letters if str(letter["To"]) == OPERATOR_MAIL]
        return [body.get_content() for body in bodies if body is not None]

    def mails_in_order(self) -> list[Path]:
        return sorted(self.mails.glob("*.eml"))

    @asynccontextmanager
    async def client(self, address: str = "127.0.0.1") -> AsyncIterator[httpx.AsyncClient]:
        """Somebody's connection, from an address of their own."""
        transport = httpx.ASGITransport(app=self.standalone.gateway.asgi, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as http:
            yield http


def second_gateway(netzraum: InProcess, *without: str, **limits: float) -> Gateway:
    """Another gateway in front of the same services but some, with limits of its own."""
    standalone = netzraum.standalone
    calls = InProcessCalls()
    for name, service in standalone.services.items():
        if name not in without:
            calls.add(name, service.public)
            calls.add(f"{name}.internal", service.internal)
    settings = GatewaySettings.model_validate({"secret": "s" * 32, "limits": Limits.model_validate(limits)})
    return build(calls, InProcessBus(), standalone._service_tokens("gateway"), settings)


def client_of(gateway: Gateway) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=gateway.asgi), base_url=ADDRESS)


@pytest.fixture(scope="package")
async def netzraum(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[InProcess]:
    folder = tmp_path_factory.mktemp("netzraum")
    async with AsyncExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:  # settings are read at the start; other tests have their own
            patch.setenv("NETZRAUM_LIMIT_ANONYMOUS_BURST", "10000")
            patch.setenv("NETZRAUM_OPERATOR_EMAIL", OPERATOR_MAIL)
            patch.setenv("NETZRAUM_MAIL_URL", (folder / "mail").as_uri())
            standalone = await stack.enter_async_context(running(StandaloneSettings(data=folder)))
        installation = InProcess(folder, standalone)
        identity = standalone.services["identity"].app
        await create_operator(identity, installation.operator, "Olaf Petersen", PASSWORD)
        yield installation


@pytest.fixture(scope="package")
async def network(netzraum: InProcess) -> AsyncIterator[Network]:
    """An approved institution with a coordinator and a member."""
    async with netzraum.client() as http:
        founded = await found_network(netzraum, http)
        await founded.take_in("member")
        yield founded


@pytest.fixture
async def browser(netzraum: InProcess) -> AsyncIterator[Browser]:
    """A browser that nobody has logged in with."""
    async with netzraum.client() as http:
        yield Browser(http)


@pytest.fixture(scope="package")
async def session_of_coordinator(netzraum: InProcess, network: Network) -> httpx.Cookies:
    return await _log_in(netzraum, network.coordinator.email)


@pytest.fixture(scope="package")
async def session_of_operator(netzraum: InProcess, network: Network) -> httpx.Cookies:
    return await _log_in(netzraum, network.operator.email)


@pytest.fixture
def coordinator(browser: Browser, session_of_coordinator: httpx.Cookies) -> Browser:
    """A browser in which the coordinator is logged in."""
    browser.http.cookies.update(session_of_coordinator)
    return browser


@pytest.fixture
async def member(netzraum: InProcess, network: Network) -> AsyncIterator[Browser]:
    """The browser of a second person, who is a member."""
    async with netzraum.client() as http:
        browser = Browser(http)
        await browser.log_in(network.people["member"].email, PASSWORD)
        yield browser


@pytest.fixture
def operator(browser: Browser, session_of_operator: httpx.Cookies) -> Browser:
    browser.http.cookies.update(session_of_operator)
    return browser


async def _log_in(netzraum: InProcess, email: str) -> httpx.Cookies:
    async with netzraum.client() as http:
        await Browser(http).log_in(email, PASSWORD)
        return httpx.Cookies(http.cookies)


@pytest.fixture
def wiki(network: Network) -> str:
    return f"/raum/{network.space}/wiki"
