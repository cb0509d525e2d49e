"""The calendar by the API and by its feeds, as a calendar app uses them."""

import secrets
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import httpx
import icalendar

from netzraum_standalone.demo.client import until
from tests.end_to_end.people import Network, Somebody
from tests.harness import eventually

Json = dict[str, Any]


def unique(title: str) -> str:
    return f"{title} {secrets.token_hex(4)}"


async def plan(network: Network, title: str, author: Somebody | None = None, **more: Any) -> Json:
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=7)
    body = {"title": title, "start": start.isoformat(), "end": (start + timedelta(hours=1)).isoformat(), **more}
    event: Json = await (author or network.coordinator).post(f"spaces/{network.space}/events", body)
    return event


async def in_window(somebody: Somebody) -> list[Json]:
    since = datetime.now(UTC)
    window = {"from": since.isoformat(), "until": (since + timedelta(days=60)).isoformat()}
    reply = await somebody.send("GET", f"occurrences?{httpx.QueryParams(window)}")
    assert reply.status_code == 200, reply.text
    found: list[Json] = reply.json()["items"]
    return found


async def subscribe(somebody: Somebody) -> tuple[str, str]:
    """A personal token for feeds: its id and its secret."""
    made = await somebody.post("me/tokens", {"name": "Kalender", "scopes": ["feed"]})
    return made["id"], made["secret"]


async def titles_in(http: httpx.AsyncClient, address: str) -> set[str]:
    reply = await http.get(address)
    assert reply.status_code == 200, reply.text
    return {str(event["SUMMARY"]) for event in icalendar.Calendar.from_ical(reply.content).walk("VEVENT")}


async def test_a_series_is_planned_answered_and_one_date_of_it_cancelled(network: Network) -> None:
    title = unique("Fachausschuss")
    event = await plan(network, title, rrule="FREQ=WEEKLY;COUNT=3", attendees=[{"role": "member"}])
    member, path = network.people["member"], f"spaces/{network.space}/events/{event['id']}"
    assert title in [each["title"] for each in (await member.get("todo"))["items"] if each["what"] == "reply"]
    assert (await member.change(f"{path}/reply", {"answer": "accepted"}, "PUT"))["replies"]["accepted"] >= 1
    second = [each for each in await in_window(member) if each["title"] == title][1]
    part = httpx.QueryParams({"occurrence": second["occurrence"], "scope": "this"})
    assert await network.coordinator.status("DELETE", f"{path}?{part}") == 204
    found = [each for each in await in_window(member) if each["title"] == title]
    assert [each["cancelled"] for each in found] == [False, True, False]


async def test_a_feed_ends_when_its_token_is_revoked(network: Network, http: httpx.AsyncClient) -> None:
    title, hidden = unique("Termin"), unique("Vertraulich")
    await plan(network, title)
    await plan(network, hidden, classification="confidential")
    token, secret = await subscribe(network.coordinator)
    for address in (f"/feeds/{secret}/calendar.ics", f"/feeds/{secret}/raum/{network.space}/calendar.ics"):
        found = await titles_in(http, address)
        assert title in found
        assert hidden not in found
    assert await network.coordinator.status("DELETE", f"me/tokens/{token}") == 204
    await until(lambda: _is_closed(http, f"/feeds/{secret}/calendar.ics"), "the feed to end")


async def _is_closed(http: httpx.AsyncClient, address: str) -> bool:
    reply = await http.get(address)
    return reply.status_code == 404 and "BEGIN" not in reply.text


async def test_a_feed_opens_for_nothing_else(network: Network, http: httpx.AsyncClient) -> None:
    _, secret = await subscribe(network.coordinator)
    assert (await http.get("/feeds/unbekannt/calendar.ics")).status_code == 404
    access = network.coordinator.tokens["access_token"]
    assert (await http.get(f"/feeds/{access}/calendar.ics")).status_code == 404
    headers = {"authorization": f"Bearer {secret}"}
    assert (await http.get("/api/v1/calendar.ics", headers=headers)).status_code == 401


async def test_a_former_members_feed_ends_with_the_next_request(network: Network, http: httpx.AsyncClient) -> None:
    title = unique("Vor dem Abschied")
    leaver = await network.take_in("member", f"leaver-{secrets.token_hex(2)}")
    key = next(name for name, somebody in network.people.items() if somebody is leaver)
    await plan(network, title)
    _, secret = await subscribe(leaver)
    assert title in await titles_in(http, f"/feeds/{secret}/calendar.ics")
    path = f"spaces/{network.space}/members/{network.memberships[key]}"
    assert (await network.coordinator.send("DELETE", path, None, if_match="*")).status_code == 204
    assert await titles_in(http, f"/feeds/{secret}/calendar.ics") == set()
    of_space = await http.get(f"/feeds/{secret}/raum/{network.space}/calendar.ics")
    assert (of_space.status_code, "BEGIN" in of_space.text) == (404, False)


async def test_events_come_in_out_of_a_file(network: Network, http: httpx.AsyncClient) -> None:
    uid, token = secrets.token_hex(8), network.coordinator.tokens["access_token"]
    event = f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART;VALUE=DATE:20280105\r\nSUMMARY:{uid}\r\nEND:VEVENT\r\n"
    content = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{event}{' ' * 2_500_000}\r\nEND:VCALENDAR\r\n"
    for state in ("new", "unchanged"):
        reply = await http.post(
            f"/api/v1/spaces/{network.space}/events/import",
            files={"file": ("termine.ics", content)},
            headers={"authorization": f"Bearer {token}"},
        )
        assert reply.status_code == 202, reply.text
        path = reply.headers["location"].removeprefix("/api/v1/")
        found = await eventually(partial(_ended, network.coordinator, path))
        assert found["summary"][state] == 1


async def _ended(person: Somebody, path: str) -> Any:
    found = await person.get(path)
    return found if found["state"] == "done" else None


async def test_a_suspended_accounts_feed_ends_until_it_is_let_in_again(
    network: Network, http: httpx.AsyncClient
) -> None:
    title = unique("Vor der Sperre")
    suspended = await network.take_in("member", f"suspended-{secrets.token_hex(2)}")
    await plan(network, title)
    _, secret = await subscribe(suspended)
    address, account = f"/feeds/{secret}/calendar.ics", (await suspended.get("me"))["id"]
    assert title in await titles_in(http, address)
    await network.operator.post(f"accounts/{account}/suspend", {"reason": "Verdacht auf Missbrauch"})
    await until(lambda: _is_closed(http, address), "the feed to end")
    of_space = await http.get(f"/feeds/{secret}/raum/{network.space}/calendar.ics")
    assert (of_space.status_code, "BEGIN" in of_space.text) == (404, False)


async def test_what_becomes_confidential_leaves_a_feed_that_knows_it(network: Network, http: httpx.AsyncClient) -> None:
    """Also where the calendar app asks whether what it has still holds."""
    title = unique("Personalfrage")
    event = await plan(network, title)
    _, secret = await subscribe(network.people["member"])
    address = f"/feeds/{secret}/calendar.ics"
    known = await http.get(address)
    assert (title in known.text, known.headers["cache-control"]) == (True, "no-store")
    raised = {"classification": "confidential", "reason": "Es geht um eine Person."}
    await network.coordinator.change(f"spaces/{network.space}/events/{event['id']}", raised)
    for tag in (known.headers.get("etag", '"1"'), "*"):
        reply = await http.get(address, headers={"If-None-Match": tag})
        assert (reply.status_code, title in reply.text) == (200, False)


async def test_a_reminder_of_an_event_reaches_by_mail_once_who_is_invited(network: Network) -> None:
    """It is due ten seconds after the event is written."""
    member, moderator, guest = (network.people[role] for role in ("member", "moderator", "guest"))
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1, seconds=10)
    named: Any = {"attendees": [{"role": "member"}, {"role": "moderator"}], "reminders": [60]}
    times: Any = {"start": start.isoformat(), "end": (start + timedelta(hours=1)).isoformat()}
    event = await plan(network, unique("Erinnerung"), **named, **times)
    path = f"spaces/{network.space}/events/{event['id']}"
    await moderator.change(f"{path}/reply", {"answer": "declined"}, "PUT")

    async def reminded() -> bool:
        return bool(network.mails_about(event["id"], member))

    await until(reminded, "the reminder by mail")
    await network.coordinator.change(path, {"title": unique("Anderer Titel")})
    told = [len(network.mails_about(event["id"], person)) for person in (member, moderator, guest)]
    assert told == [1, 0, 0]
