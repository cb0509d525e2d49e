"""What this service hears."""

import uuid

from sqlalchemy import select

from netzraum_contracts.identity import AccountChanged, InstitutionApproved, InstitutionChanged
from netzraum_items import access
from netzraum_items.tables import Institution, Person
from netzraum_platform.context import WorkContext
from netzraum_platform.inbox import Handlers
from netzraum_spaces.access.service import lock, record_space
from netzraum_spaces.members import terms
from netzraum_spaces.members.models import Membership
from netzraum_spaces.spaces.models import Space
from netzraum_spaces.spaces.service import found_network


async def on_institution_approved(context: WorkContext, event: InstitutionApproved) -> None:
    """Its network space comes into being, coordinated by the registrant."""
    await found_network(context, event.institution, event.name, event.registrant)


async def on_account(context: WorkContext, event: AccountChanged) -> None:
    """Memberships follow their account: active once it is, nothing while it is suspended, ended when it is erased."""
    await access.on_account(context, event)
    await context.db.flush()
    await _follow(context, event.account)


async def on_institution(context: WorkContext, event: InstitutionChanged) -> None:
    """The network has the institution's name; while that is suspended it is closed, and its accounts act nowhere."""
    await access.on_institution(context, event)
    await context.db.flush()
    known = await context.db.get_one(Institution, event.institution)
    network = await context.db.scalar(
        select(Space.id).where(Space.institution_id == event.institution, Space.kind == "network")
    )
    if network is not None:
        await _follow_institution(context, network, known)
    accounts = select(Person.account_id).where(Person.institution_id == event.institution).order_by(Person.account_id)
    for account in await context.db.scalars(accounts):
        await _follow(context, account)


async def _follow_institution(context: WorkContext, network: uuid.UUID, institution: Institution) -> None:
    space = await lock(context, network)
    space.name = institution.name
    archived = institution.state == "suspended"
    if space.archived != archived:
        space.archived = archived
        await record_space(context, space)
        context.audit("space:archive" if archived else "space:open", item=space.id, space=space.id)


async def _follow(context: WorkContext, account: uuid.UUID) -> None:
    state = await terms.state_for(context, account)
    held = select(Membership.space_id).where(Membership.account_id == account, Membership.state != "ended")
    for space_id in await context.db.scalars(held.order_by(Membership.space_id)):
        space = await lock(context, space_id)
        membership = await terms.held_by(context, space_id, account)
        if membership is not None and state is not None:
            await terms.follow_account(context, space, membership, state)


HANDLERS: Handlers = {
    InstitutionApproved: on_institution_approved,
    AccountChanged: on_account,
    InstitutionChanged: on_institution,
}
