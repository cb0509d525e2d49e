"""Fill an installation with the demo's region: institution, people, spaces, notices, and what was seen of them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import httpx
import yaml

from netzraum_identity.accounts.service import create_operator
from netzraum_standalone.demo.client import PASSWORD, DemoFailed, Mailbox, Person, answer, until
from netzraum_standalone.demo.events import make_events
from netzraum_standalone.demo.polls import make_polls
from netzraum_standalone.demo.wiki import make_wiki
from netzraum_standalone.process import Standalone

HERE = Path(__file__).parent
ZONE = ZoneInfo("Europe/Berlin")
FOUNDED_DAYS_AGO = 180
SEEN_UNTIL_DAYS_AGO = 3

WELCOME = """
Netzraum runs at {address}

  operator@demo.example       runs the platform, approves institutions, reads no content
  koordination@demo.example   coordinates the network
  moderation@demo.example     moderates
  mitglied@demo.example       is a member
  gast@demo.example           is a guest
  password of all of them: demo-netzraum
"""

TurnClock = Callable[[datetime | None], None]
MakeOperator = Callable[[str, str, str], Awaitable[object]]
"""By address, name and password."""


def load(name: str) -> Any:
    return yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))


async def fill_standalone(standalone: Standalone) -> None:
    """Make the demo data, with the clock turned back, unless they are there.

    Raises:
        DemoFailed: not on loopback, or the API refused something.
    """
    settings, identity = standalone.settings, standalone.services["identity"].app

    def turn_clock(to: datetime | None) -> None:
        standalone.clock.turned_to = to

    transport = httpx.ASGITransport(app=standalone.gateway.asgi)
    try:
        async with httpx.AsyncClient(transport=transport, base_url=settings.address, timeout=30) as http:
            demo = Demo(http, Mailbox(settings.data / "mail"), turn_clock)
            await demo.make(partial(create_operator, identity), settings.host)
    finally:
        turn_clock(None)


async def fill_running(address: str, mails: Path, make_operator: MakeOperator) -> None:
    """Make the demo data in a Netzraum that answers at this address, unless they are there; all of it happens today.

    Raises:
        DemoFailed: not on loopback, or the API refused something.
    """
    async with httpx.AsyncClient(base_url=address, timeout=30) as http:
        demo = Demo(http, Mailbox(mails), turn_clock=lambda _to: None)
        await demo.make(make_operator, urlsplit(address).hostname or "")


class Demo:
    """Works through the demo's files as its people. ``turn_clock`` sets when things happen, where that is possible."""

    def __init__(self, http: httpx.AsyncClient, mailbox: Mailbox, turn_clock: TurnClock) -> None:
        self._http = http
        self._mailbox = mailbox
        self._turn_clock = turn_clock
        self._people: dict[str, Person] = {}
        self._spaces: dict[str, str] = {}

    def person(self, address: str) -> Person:
        return self._people.setdefault(address, Person(self._http, address))

    async def make(self, make_operator: MakeOperator, host: str) -> None:
        """All of it, unless it is there; on loopback only, since the passwords are known to all."""
        if host not in ("127.0.0.1", "localhost", "::1"):
            raise DemoFailed("demo data are made on loopback only: their passwords are known to all")
        if await self.is_there():
            return
        region = load("region")
        address, name = region["operator"]
        await make_operator(self.person(address).email, name, PASSWORD)
        await self.fill(region, load("notices"))

    async def is_there(self) -> bool:
        """Whether the demo's last step was taken before."""
        try:
            return bool(await self.person("gast").get("spaces"))
        except DemoFailed:
            return False

    async def fill(self, region: dict[str, Any], notices: list[list[Any]]) -> None:
        self._days_ago(FOUNDED_DAYS_AGO)
        await self._register(region["office"], self.person(region["operator"][0]))
        await self._set_up_network(region)
        for space in region["spaces"]:
            await self._create_space(space)
        for notice in sorted(notices, key=lambda each: -each[1]):
            await self._post(*notice)
        await make_wiki(load("wiki"), self._spaces, self.person, self._days_ago)
        await make_polls(load("polls"), self._spaces, self.person, self._days_ago)
        await make_events(load("calendar"), self._spaces, self.person, self._days_ago)
        self._days_ago(SEEN_UNTIL_DAYS_AGO)
        await self._see_what_was_there()
        self._turn_clock(None)

    def _days_ago(self, days: int) -> None:
        """Let what follows happen on a working hour of that day."""
        day = date.today() - timedelta(days=days)  # noqa: DTZ011  # the demo's own calendar
        at = datetime.combine(day, time(8 + days % 8, (days * 7) % 60), ZONE)
        self._turn_clock(min(at, datetime.now(ZONE) - timedelta(minutes=5 + days)))

    async def _register(self, office: dict[str, Any], operator: Person) -> None:
        address, name, _function = office["registrant"]
        registrant = self.person(address)
        body = {
            "name": office["name"],
            "town": office["town"],
            "kind": office["kind"],
            "registrant": {"name": name, "email": registrant.email, "password": PASSWORD},
        }
        await answer(self._http, "POST", "institutions", json=body)
        token = await self._mailbox.token(registrant.email, "registrieren/bestaetigen")
        await answer(self._http, "POST", f"institutions/confirm/{token}")
        waiting = (await operator.get("institutions?state=pending&limit=200"))["items"]
        pending = next(each for each in waiting if each["name"] == office["name"])
        await operator.post(f"institutions/{pending['id']}/approve")

    async def _set_up_network(self, region: dict[str, Any]) -> None:
        coordinator = self.person("koordination")
        network = (await until(lambda: _first_space(coordinator), "the network space"))["id"]
        self._spaces["network"] = network
        await self._patch(
            coordinator,
            f"spaces/{network}",
            {
                "description": region["network"]["description"],
                "contact": region["network"]["contact"],
            },
        )
        for role in region["network"]["roles"]:
            body = {key: role[key] for key in ("title", "base", "levels", "clearance")}
            await coordinator.request("PUT", f"spaces/{network}/roles/{role['name']}", json=body)
        for office in (region["office"], *region["partners"]):
            for address, name, function in office["people"]:
                await self._invite(network, office, address, name, function, region["network"]["members"])

    async def _invite(
        self, network: str, office: dict[str, Any], address: str, name: str, function: str, roles: dict[str, str]
    ) -> None:
        """Invite somebody, who accepts at once."""
        person = self.person(address)
        await self.person("koordination").post(
            f"spaces/{network}/members",
            {
                "email": person.email,
                "name": name,
                "function": function,
                "role": roles.get(address, "member"),
                "institution": {"name": office["name"], "town": office["town"], "kind": office["kind"]},
            },
        )
        token = await self._mailbox.token(person.email, "einladung")
        accepted = {"name": name, "password": PASSWORD}
        await answer(self._http, "POST", f"invitations/{token}/accept", json=accepted)

    async def _create_space(self, space: dict[str, Any]) -> None:
        coordinator = self.person("koordination")
        body = {key: space[key] for key in ("kind", "name", "template", "description")}
        if space["kind"] == "body":
            body["parent"] = self._spaces["network"]
        created = (await coordinator.post("spaces", body))["id"]
        self._spaces[space["key"]] = created
        accounts = await self._accounts()
        for address, role in space["members"].items():
            await coordinator.post(
                f"spaces/{created}/members", {"account": accounts[self.person(address).email], "role": role}
            )

    async def _accounts(self) -> dict[str, str]:
        """Who is who, from each person's own profile."""
        people = list(self._people.values())
        profiles = await asyncio.gather(*(person.get("me") for person in people))
        return {profile["email"]: profile["id"] for profile in profiles}

    async def _post(
        self,
        space: str,
        days: int,
        author: str,
        classification: str,
        title: str,
        text: str,
        more: dict[str, Any] | None = None,
    ) -> None:
        self._days_ago(days)
        body = {"title": title, "text": text, "classification": classification, **(more or {})}
        if "until" in body:
            day = date.today() + timedelta(days=body.pop("until"))  # noqa: DTZ011  # the demo's own calendar
            body["valid_until"] = datetime.combine(day, time(18), ZONE).isoformat()
        await self.person(author).post(f"spaces/{self._spaces[space]}/notices", body)

    async def _see_what_was_there(self) -> None:
        """Everybody with a demo log-in has seen all but the news of the last days."""
        until_then = (datetime.now(ZONE) - timedelta(days=SEEN_UNTIL_DAYS_AGO)).isoformat()
        for address in ("koordination", "moderation", "mitglied", "gast"):
            person = self.person(address)
            for space in (await person.get("spaces"))["items"]:
                await person.post(f"spaces/{space['id']}/seen", {"until": until_then})

    async def _patch(self, person: Person, path: str, body: dict[str, Any]) -> None:
        await person.request("PATCH", path, json=body, headers={"if-match": "*"})


async def _first_space(person: Person) -> Any:
    try:
        return next(iter((await person.get("spaces"))["items"]), None)
    except DemoFailed:  # approval has not reached the log-in yet
        return None
