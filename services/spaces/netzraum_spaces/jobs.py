"""What this service does later, and all the time."""

import asyncio
import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from netzraum_contracts.spaces import Heartbeat
from netzraum_items.rights import may_run_out
from netzraum_items.tables import AccessSpace
from netzraum_platform.context import App, WorkContext
from netzraum_platform.database import new_id, utc_now
from netzraum_platform.events import Envelope
from netzraum_spaces.access.service import CHECK_COORDINATORS, RECENT, lock, versions
from netzraum_spaces.members import terms
from netzraum_spaces.members.models import Membership
from netzraum_spaces.roles.models import Role

HEARTBEAT_S = 5.0
ALL_EVERY = timedelta(hours=1)


async def end_membership(context: WorkContext, payload: dict[str, Any]) -> None:
    """A membership's day has come. It stopped to count at that moment; here it is closed, and its bodies with it."""
    membership = await context.db.get_one(Membership, uuid.UUID(payload["membership"]))
    space = await lock(context, membership.space_id)
    held = await terms.held_by(context, space.id, membership.account_id)
    if held is not None and held.id == membership.id and held.has_ended(context.now):
        await terms.end(context, space, held, reason="until")


async def check_coordinators(context: WorkContext, payload: dict[str, Any]) -> None:
    """Flag a space where nobody is left whom the policy wants to remain; take the flag away where somebody is again."""
    space_id = uuid.UUID(payload["space"])
    known = await context.db.get_one(AccessSpace, space_id)
    bases = set(await context.db.scalars(select(Role.base).where(Role.space_id == space_id)))
    await context.release()
    needed = [base for base in sorted(bases) if not await may_run_out(context, known, base)]
    space = await lock(context, space_id)
    missing = [base for base in needed if not await terms.others_acting(context, space_id, base)]
    if bool(missing) == (space.without_coordinator_since is not None):
        return
    space.without_coordinator_since = context.now if missing else None
    context.audit("space:lose_coordinator" if missing else "space:regain_coordinator", item=space_id, space=space_id)


async def heartbeat(app: App) -> None:
    """Say every five seconds what changed lately, at first and hourly everything: so a lost last event is found."""
    all_at = utc_now()
    while True:
        now = utc_now()
        everything = now >= all_at
        all_at = now + ALL_EVERY if everything else all_at
        async with app.database.session() as session:
            beat = Heartbeat(versions=await versions(session, None if everything else now - RECENT))
        await app.bus.publish_transient(
            Envelope(
                id=new_id(), source=f"/{app.name}", type=Heartbeat.TYPE, time=now, data=beat.model_dump(mode="json")
            )
        )
        await asyncio.sleep(HEARTBEAT_S)


JOBS = {terms.END_MEMBERSHIP: end_membership, CHECK_COORDINATORS: check_coordinators}
