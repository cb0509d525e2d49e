"""What the operator decides about institutions, and the partners that coordinators name."""

import uuid
from typing import Any

from sqlalchemy import ColumnElement, select

from netzraum_contracts.identity import InstitutionApproved, InstitutionKind
from netzraum_identity.accounts.models import Account
from netzraum_identity.anywhere import decide_anywhere
from netzraum_identity.fields import name_key
from netzraum_identity.institutions.models import Institution, new_institution
from netzraum_identity.institutions.registration import LOG_IN_PAGE
from netzraum_identity.institutions.schemas import InstitutionView, PartnerToCreate
from netzraum_identity.links.service import Purpose
from netzraum_identity.mails.delivery import schedule_mail
from netzraum_identity.sessions import service as sessions
from netzraum_items.authorize import Decision, Resource, ask, decide
from netzraum_platform.context import RequestContext, WorkContext
from netzraum_platform.errors import NotFound
from netzraum_platform.paging import Page, cursor_of, id_of

REGISTER_PAGE = "/registrieren"
CHOICES = 20
PARTNERS = ("approved", "partner")
"""Institutions that a coordinator may choose from."""


async def listed(context: RequestContext, state: str | None, limit: int, cursor: str | None) -> Page[InstitutionView]:
    """Institutions for the operator, the one that has waited longest first."""
    await decide(context, "identity.institution.read", Resource("institution", state=state or "approved"))
    rows = select(Institution, Account).outerjoin(Account, Account.id == Institution.registrant_id)
    if state is not None:
        rows = rows.where(Institution.state == state)
    if cursor is not None:
        rows = rows.where(Institution.id > id_of(cursor))
    found = (await context.db.execute(rows.order_by(Institution.id).limit(limit + 1))).all()
    actions = await _actions_by_state(context, {institution.state for institution, _ in found[:limit]})
    items = [InstitutionView.seen(row[0], row[1], actions[row[0].state]) for row in found[:limit]]
    return Page(items=items, next=cursor_of(items[-1].id) if len(found) > limit else None)


async def _actions_by_state(context: RequestContext, states: set[str]) -> dict[str, list[str]]:
    """What the caller may do, asked once per state and not once per row."""
    return {
        state: (await ask(context, "identity.institution.read", Resource("institution", state=state))).actions
        for state in sorted(states)
    }


async def approve(context: RequestContext, institution_id: uuid.UUID) -> InstitutionView:
    """Let an institution in; the first time, its network space comes into being by the event."""
    institution, registrant, decision = await _decided(context, "approve", institution_id)
    await context.begin_write()
    first = institution.approved_at is None
    institution.state, institution.reason = "approved", None
    institution.approved_at = institution.approved_at or context.now
    institution.changed(context)
    context.audit("institution:approve", item=institution.id)
    if registrant is not None:
        if registrant.state == "invited" and registrant.password_hash is not None:
            registrant.state = "active"
            registrant.changed(context)
        if first:
            _tell_approved(context, institution, registrant)
        await _mail_approved(context, institution, registrant)
    return InstitutionView.seen(institution, registrant, decision.actions)


def _tell_approved(context: WorkContext, institution: Institution, registrant: Account) -> None:
    event = InstitutionApproved(institution=institution.id, name=institution.name, registrant=registrant.id)
    context.publish(event, subject=institution.id)


async def _mail_approved(context: WorkContext, institution: Institution, registrant: Account) -> None:
    """Who has no password yet gets the link to set one."""
    invited = registrant.state == "invited"
    link: dict[str, Any] = {"purpose": Purpose.INVITATION, "link_data": {}} if invited else {}
    values = {"institution": institution.name, "invited": invited, **link}
    await schedule_mail(context, "institution_approved", registrant.id, LOG_IN_PAGE, **values)


async def reject(context: RequestContext, institution_id: uuid.UUID, reason: str) -> InstitutionView:
    """Refuse an application. A partner institution stays what it was before."""
    institution, registrant, decision = await _decided(context, "reject", institution_id, reason=reason)
    await context.begin_write()
    institution.state = "partner" if institution.partner else "rejected"
    institution.reason = reason
    institution.changed(context)
    context.audit("institution:reject", item=institution.id, reason=reason)
    if registrant is not None:
        await schedule_mail(
            context,
            "institution_rejected",
            registrant.id,
            REGISTER_PAGE,
            institution=institution.name,
            reason=reason,
        )
    return InstitutionView.seen(institution, registrant, decision.actions)


async def suspend(context: RequestContext, institution_id: uuid.UUID, reason: str) -> InstitutionView:
    """Shut an institution out for now: its accounts' sessions end, and none can log in."""
    institution, registrant, decision = await _decided(context, "suspend", institution_id, reason=reason)
    await context.begin_write()
    institution.state, institution.reason = "suspended", reason
    institution.changed(context)
    context.audit("institution:suspend", item=institution.id, reason=reason)
    accounts = select(Account.id).where(Account.institution_id == institution.id)
    for account in list(await context.db.scalars(accounts)):
        await sessions.end_all(context, account)
    if registrant is not None:
        await schedule_mail(
            context, "institution_suspended", registrant.id, institution=institution.name, reason=reason
        )
    return InstitutionView.seen(institution, registrant, decision.actions)


async def _decided(
    context: RequestContext, verb: str, institution_id: uuid.UUID, **fields: str
) -> tuple[Institution, Account | None, Decision]:
    """The institution and its registrant, after the policy let the caller do this with it."""
    institution = await context.db.get(Institution, institution_id)
    if institution is None:
        raise NotFound
    registrant = await context.db.get(Account, institution.registrant_id) if institution.registrant_id else None
    resource = Resource(
        "institution",
        state=institution.state,
        own=context.principal.institution == institution.id,
        id=institution.id,
    )
    return institution, registrant, await decide(context, f"identity.institution.{verb}", resource, fields=fields)


async def names(context: RequestContext, space_id: uuid.UUID | None, part: str) -> list[Institution]:
    """Institutions to choose from, for those who take members in (there, or anywhere)."""
    await decide_anywhere(context, "identity.partner.read", Resource("partner", own=True), space_id)
    rows = select(Institution).where(Institution.state.in_(PARTNERS), _named_like(part))
    return list(await context.db.scalars(rows.order_by(Institution.name_key, Institution.id).limit(CHOICES)))


def _named_like(part: str) -> ColumnElement[bool]:
    return Institution.name_key.contains(name_key(part), autoescape=True)


async def create_partner(context: RequestContext, wanted: PartnerToCreate) -> Institution:
    """Name a partner institution; one that is known by this name in this town is taken instead."""
    await decide_anywhere(context, "identity.partner.create", Resource("partner", state="new", own=True), wanted.space)
    await context.begin_write()
    return await find_or_create(context, wanted.name, wanted.town, wanted.kind)


async def find_or_create(
    context: WorkContext, name: str, town: str = "", kind: InstitutionKind = "other"
) -> Institution:
    """The institution of this name (and town, where one is given), or a new partner. Registered ones come first."""
    rows = select(Institution).where(Institution.name_key == name_key(name), Institution.state.in_(PARTNERS))
    known = list(await context.db.scalars(rows.order_by(Institution.state, Institution.id)))
    fitting = [one for one in known if not town or name_key(one.town) in {"", name_key(town)}]
    if fitting:
        return fitting[0]
    institution = new_institution(context, name, town, kind, "partner")
    await context.db.flush()
    institution.changed(context)
    context.audit("institution:create_partner", item=institution.id)
    return institution
