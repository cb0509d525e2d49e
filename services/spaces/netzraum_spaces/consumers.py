"""What this service hears."""

import uuid

from sqlalchemy import bindparam, select

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

HOLDS_SPACES = "holds_spaces"
HELD = (
    select(Membership.space_id)
    .where(Membership.account_id == bindparam("account"), Membership.state != "ended")
    .order_by(Membership.space_id)
)
"""The spaces in which an account is; in their order, in which they are locked."""


async def on_institution_approved(context: WorkContext, event: InstitutionApproved) -> None:
    """Its network space comes into being, coordinated by the registrant."""
    await found_network(context, event.institution, event.name, event.registrant)


async def on_account(context: WorkContext, event: AccountChanged) -> None:
    """Memberships follow their account: active once it is, nothing while it is suspended, ended when it is erased.

    An account's row is locked before its spaces, as a request that invites does; so what former events of this
    transaction have locked is given back first.
    """
    if context.db.info.pop(HOLDS_SPACES, False):
        await context.release()
    await access.on_accounts(context, [event])
    await _follow(context, event.account)


async def on_institution(context: WorkContext, event: InstitutionChanged) -> None:
    """The network has the institution's name; while that is suspended it is closed, and its accounts act nowhere."""
    await access.on_institutions(context, [event])
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
    held = list(await context.db.scalars(HELD, {"account": account}))
    state = await terms.state_for(context, account) if held else None
    if state is None:
        return
    context.db.info[HOLDS_SPACES] = True
    for space_id in held:
        space = await lock(context, space_id)
        membership = await terms.held_by(context, space_id, account)
        if membership is not None:
            await terms.follow_account(context, space, membership, state)


HANDLERS: Handlers = {
    InstitutionApproved: on_institution_approved,
    AccountChanged: on_account,
    InstitutionChanged: on_institution,
}
