"""What people do with their own account: name, password, address, a forgotten password."""

import asyncio
from datetime import timedelta

from sqlalchemy import select

from netzraum_contracts.identity import AccountChanged, SessionEnded
from netzraum_identity.jobs import JOBS
from netzraum_platform.database import utc_now
from netzraum_platform.jobs import JobRunner
from netzraum_platform.tables import JobRow
from tests.harness import eventually
from tests.identity.people import PASSWORD, Identity, MailServerAway, bearer, text_of, token_in

ANNA = "anna@agentur.test"
NEW_PASSWORD = "another long password"


async def test_own_account_is_changed_and_everybody_hears_of_it(identity: Identity) -> None:
    await identity.listen(AccountChanged)
    await identity.approved()
    headers = await identity.headers_of(ANNA)
    wanted = {
        "name": "Anna Arndt-Berg",
        "function": "Leitung",
        "language": "en",
        "timezone": "Europe/Vienna",
        "mail": "weekly",
    }
    reply = await identity.public.patch("/api/v1/me", json=wanted, headers=headers)
    assert wanted.items() <= reply.json().items()
    told = await identity.told(AccountChanged, name="Anna Arndt-Berg")
    assert (told["function"], told["state"]) == ("Leitung", "active")
    emptied = await identity.public.patch("/api/v1/me", json={"function": ""}, headers=headers)
    assert emptied.json()["function"] is None
    assert emptied.json()["name"] == "Anna Arndt-Berg", "what is not named stays"


async def test_lost_race_of_two_changes_is_told(identity: Identity) -> None:
    await identity.approved()
    headers = await identity.headers_of(ANNA)
    etag = (await identity.public.get("/api/v1/me", headers=headers)).headers["etag"]
    first = await identity.public.patch("/api/v1/me", json={"name": "Eins"}, headers={**headers, "if-match": etag})
    second = await identity.public.patch("/api/v1/me", json={"name": "Zwei"}, headers={**headers, "if-match": etag})
    assert (first.status_code, second.status_code) == (200, 412)


async def test_changed_password_ends_all_other_sessions(identity: Identity) -> None:
    await identity.listen(SessionEnded)
    await identity.approved()
    here = bearer((await identity.log_in(ANNA))["access_token"])
    there = await identity.log_in(ANNA)
    wrong = {"current": "not the password", "new": NEW_PASSWORD}
    refused = await identity.public.put("/api/v1/me/password", json=wrong, headers=here)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "current")
    right = {"current": PASSWORD, "new": NEW_PASSWORD}
    assert (await identity.public.put("/api/v1/me/password", json=right, headers=here)).status_code == 204
    assert (await identity.public.get("/api/v1/me", headers=here)).status_code == 200
    assert (await identity.public.get("/api/v1/me", headers=bearer(there["access_token"]))).status_code == 401
    assert (await identity.try_log_in(ANNA)).status_code == 401
    await identity.log_in(ANNA, NEW_PASSWORD)
    await identity.mail_to(ANNA, "Passwort wurde geändert")
    await identity.told(SessionEnded)


async def test_new_address_confirms_and_the_old_one_is_told(identity: Identity) -> None:
    await identity.approved()
    headers = await identity.headers_of(ANNA)
    body = {"current": PASSWORD, "new": "arndt@agentur.test"}
    assert (await identity.public.put("/api/v1/me/email", json=body, headers=headers)).status_code == 202
    token = token_in(await identity.mail_to("arndt@agentur.test", "neue Adresse"), "/konto/email/")
    await identity.mail_to(ANNA, "soll geändert werden")
    assert (await identity.public.get("/api/v1/me", headers=headers)).json()["email"] == ANNA
    assert (await identity.public.post(f"/api/v1/me/email/{token}", headers=headers)).status_code == 204
    assert (await identity.public.get("/api/v1/me", headers=headers)).json()["email"] == "arndt@agentur.test"
    await identity.mail_to(ANNA, "wurde geändert")
    assert (await identity.public.post(f"/api/v1/me/email/{token}")).status_code == 404, "a link counts once"
    await identity.log_in("arndt@agentur.test")
    assert (await identity.try_log_in(ANNA)).status_code == 401


async def test_address_of_another_account_cannot_be_taken(identity: Identity) -> None:
    await identity.approved()
    operator = await identity.operator()
    body = {"current": PASSWORD, "new": "Anna@Agentur.test"}
    assert (await identity.public.put("/api/v1/me/email", json=body, headers=operator)).status_code == 202
    token = token_in(await identity.mail_to("Anna@agentur.test", "neue Adresse"), "/konto/email/")
    reply = await identity.public.post(f"/api/v1/me/email/{token}")
    assert (reply.status_code, reply.json()["code"]) == (409, "address_taken")
    await identity.log_in(ANNA)


async def test_forgotten_password_is_answered_alike_for_known_and_unknown_addresses(identity: Identity) -> None:
    await identity.approved()
    replies = [
        await identity.public.post("/api/v1/password-reset", json={"email": address})
        for address in ("nobody@agentur.test", ANNA)
    ]
    assert [(one.status_code, one.content) for one in replies] == [(202, b"null")] * 2
    await identity.mail_to(ANNA, "Neues Passwort")
    assert identity.mails_to("nobody@agentur.test") == []


async def test_mailed_link_sets_a_new_password_once(identity: Identity) -> None:
    await identity.approved()
    session = bearer((await identity.log_in(ANNA))["access_token"])
    await identity.public.post("/api/v1/password-reset", json={"email": ANNA.upper()})
    mail = await identity.mail_to(ANNA, "Neues Passwort")
    assert "weil" in text_of(mail) or "Sicherheit" in text_of(mail), "a mail says why one got it"
    path = f"/api/v1/password-reset/{token_in(mail, '/passwort/')}"
    too_short = await identity.public.post(path, json={"password": "short"})
    assert (too_short.status_code, too_short.json()["errors"][0]["field"]) == (422, "password")
    assert (await identity.public.post(path, json={"password": NEW_PASSWORD})).status_code == 204
    assert (await identity.public.post(path, json={"password": NEW_PASSWORD})).status_code == 404
    assert (await identity.public.get("/api/v1/me", headers=session)).status_code == 401
    await identity.log_in(ANNA, NEW_PASSWORD)


async def test_link_for_a_new_password_ends_after_an_hour(identity: Identity) -> None:
    await identity.approved()
    await identity.public.post("/api/v1/password-reset", json={"email": ANNA})
    token = token_in(await identity.mail_to(ANNA, "Neues Passwort"), "/passwort/")
    identity.at(utc_now() + timedelta(minutes=61))
    reply = await identity.public.post(f"/api/v1/password-reset/{token}", json={"password": NEW_PASSWORD})
    assert reply.status_code == 404


async def test_mail_comes_once_the_mail_server_is_back(identity: Identity) -> None:
    await identity.approved()
    await identity.mail_to(ANNA, "freigeschaltet")
    mail_port, away = identity.service.app.mail, MailServerAway()
    identity.service.app.mail = away
    for _ in range(3):
        await identity.public.post("/api/v1/password-reset", json={"email": ANNA})
    await eventually(lambda: ANNA in away.tried)
    await eventually(lambda: _one_waits(identity))
    identity.service.app.mail = mail_port
    token = token_in(await identity.mail_to(ANNA, "Neues Passwort"), "/passwort/")
    reply = await identity.public.post(f"/api/v1/password-reset/{token}", json={"password": NEW_PASSWORD})
    assert reply.status_code == 204
    resets = [mail for mail in identity.mails_to(ANNA) if "Neues Passwort" in mail["Subject"]]
    assert len(resets) == 1, "nobody is flooded with mails"


async def test_many_who_ask_for_a_password_at_once_get_one_mail(identity: Identity) -> None:
    """The jobs of all requests are worked on at the same time, by more workers than one process has."""
    await identity.approved()
    async with identity.service.work() as work:
        for _ in range(8):
            await work.schedule("password_reset", {"address_key": ANNA})
    others = [JobRunner(identity.service.app, JOBS, []) for _ in range(6)]
    await asyncio.gather(*(other.run_due() for other in others))
    await eventually(lambda: _none_waits(identity))
    assert len([mail for mail in identity.mails_to(ANNA) if "Neues Passwort" in mail["Subject"]]) == 1


async def _waiting(identity: Identity) -> int:
    async with identity.service.work() as work:
        return len((await work.db.scalars(select(JobRow.id).where(JobRow.kind == "password_reset"))).all())


async def _one_waits(identity: Identity) -> bool:
    """The other requests came to their end: of three there is one that is tried again."""
    return await _waiting(identity) == 1


async def _none_waits(identity: Identity) -> bool:
    return await _waiting(identity) == 0
