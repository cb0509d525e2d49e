"""Secrets of second factors: nobody reads them out of the database, and a lost key is said."""

from datetime import datetime, timedelta
from typing import Any

import pyotp
from sqlalchemy import select, text, update

from netzraum_identity.second_factors import sealing
from netzraum_identity.second_factors.models import SecondFactor
from netzraum_platform.database import utc_now
from tests.identity.people import PASSWORD, Identity

ANNA = "anna@agentur.test"


async def set_up(identity: Identity, now: datetime) -> tuple[pyotp.TOTP, list[str]]:
    """Anna has a second factor: its codes, and the recovery codes."""
    await identity.approved()
    identity.at(now)
    headers = await identity.headers_of(ANNA)
    factors, wanted = "/api/v1/me/second-factors", {"kind": "totp", "password": PASSWORD}
    added = (await identity.public.post(factors, json=wanted, headers=headers)).json()
    totp = pyotp.TOTP(added["secret"])
    confirmed = await identity.public.post(
        f"{factors}/{added['id']}/confirm", json={"code": totp.at(now)}, headers=headers
    )
    return totp, confirmed.json()["recovery_codes"]


async def dump(identity: Identity) -> str:
    """All rows of all tables of the service."""
    app, rows = identity.service.app, []
    async with app.database.session() as db:
        for table in SecondFactor.metadata.sorted_tables:
            rows += [str(tuple(row)) for row in await db.execute(text(f'SELECT * FROM "{table.name}"'))]
    return "\n".join(rows)


async def stored(identity: Identity) -> SecondFactor:
    async with identity.service.app.database.session() as db:
        return (await db.scalars(select(SecondFactor))).one()


async def store(identity: Identity, **columns: Any) -> None:
    async with identity.service.app.database.session(write=True) as db:
        await db.execute(update(SecondFactor).values(**columns))
        await db.commit()


def lose_key(identity: Identity) -> None:
    folder = identity.service.app.keys_folder
    assert folder is not None
    (folder / sealing.FILE).unlink()


async def test_a_dump_of_the_database_does_not_hold_the_secret(identity: Identity) -> None:
    totp, _ = await set_up(identity, utc_now())
    dumped = await dump(identity)
    assert str((await stored(identity)).id).replace("-", "")[:8] in dumped.replace("-", ""), "the row is in the dump"
    assert totp.secret not in dumped


async def test_a_secret_is_worth_nothing_in_the_row_of_somebody_else(identity: Identity) -> None:
    totp, _ = await set_up(identity, utc_now())
    factor = await stored(identity)
    assert sealing.unseal(identity.service.app, factor) == totp.secret
    moved = SecondFactor(account_id=factor.id, secret=factor.secret)
    assert sealing.unseal(identity.service.app, moved) is None


async def test_secrets_of_an_older_version_are_sealed_at_the_start_and_go_on(identity: Identity) -> None:
    now = utc_now()
    totp, _ = await set_up(identity, now)
    await store(identity, secret=totp.secret)
    await sealing.prepare(identity.service.app)
    assert totp.secret not in await dump(identity)
    identity.at(now + timedelta(seconds=60))
    await identity.log_in(ANNA, code=totp.at(now + timedelta(seconds=60)))


async def test_after_the_loss_of_the_key_one_is_told_and_comes_in_by_a_recovery_code(identity: Identity) -> None:
    now = utc_now()
    totp, recovery_codes = await set_up(identity, now)
    lose_key(identity)
    await sealing.prepare(identity.service.app)
    identity.at(now + timedelta(seconds=60))
    refused = await identity.try_log_in(ANNA, code=totp.at(now + timedelta(seconds=60)))
    assert refused.status_code == 401
    assert "Wiederherstellungscode" in refused.json()["title"]
    await identity.log_in(ANNA, code=recovery_codes[0])


async def test_the_key_is_made_once_and_read_by_its_owner_only(identity: Identity) -> None:
    app = identity.service.app
    assert app.keys_folder is not None
    file = app.keys_folder / sealing.FILE
    await sealing.prepare(app)
    before = file.read_bytes()
    await sealing.prepare(app)
    assert file.read_bytes() == before
    assert file.stat().st_mode & 0o077 == 0
    assert [each.name for each in file.parent.iterdir()] == [file.name]
