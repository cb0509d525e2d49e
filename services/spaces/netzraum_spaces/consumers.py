"""What this service hears."""

import uuid
from collections.abc import Iterable

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
HELD_BY_SOME = select(Membership.space_id).where(
    Membership.account_id.in_(bindparam("accounts", expanding=True)), Membership.state != "ended"
)
ACCOUNTS = (
    select(Person.account_id)
    .where(Person.institution_id == bindparam("institution"))
    .order_by(Person.account_id)
    .with_for_update()
)
"""Those of an institution, locked."""


async def on_institution_approved(context: WorkContext, event: InstitutionApproved) -> None:
    """Its network space comes into being, coordinated by the registrant."""
    await _give_spaces_back(context)
    await found_network(context, event.institution, event.name, event.registrant)


async def on_account(context: WorkContext, event: AccountChanged) -> None:
    """Memberships follow their account: active once it is, nothing while it is suspended, ended when it is erased."""
    await _give_spaces_back(context)
    await access.on_accounts(context, [event])
    await _follow(context, event.account)


async def on_institution(context: WorkContext, event: InstitutionChanged) -> None:
    """The network has the institution's name; while that is suspended it is closed, and its accounts act nowhere."""
    await _give_spaces_back(context)
    await access.on_institutions(context, [event])
    known = await context.db.get_one(Institution, event.institution)
    accounts = list(await context.db.scalars(ACCOUNTS, {"institution": event.institution}))
    spaces = set(await context.db.scalars(HELD_BY_SOME, {"accounts": accounts}))
    network = await context.db.scalar(
        select(Space.id).where(Space.institution_id == event.institution, Space.kind == "network")
    )
    await _lock_all(context, spaces if network is None else spaces | {network})
    if network is not None:
        await _follow_institution(context, network, known)
    for account in accounts:
        await _follow(context, account)


async def _give_spaces_back(context: WorkContext) -> None:
    """A request that invites locks the account's row in the directory, and then the space. So does each event; what
    former events of this transaction have locked is given back before."""
    if context.db.info.pop(HOLDS_SPACES, False):
        await context.release()


async def _lock_all(context: WorkContext, spaces: Iterable[uuid.UUID]) -> None:
    for space in sorted(spaces):
        context.db.info[HOLDS_SPACES] = True
        await lock(context, space)


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
    await _lock_all(context, held)
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
