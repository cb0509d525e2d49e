"""The audit of a space, as this service wrote it."""

from sqlalchemy import select

from netzraum_items.authorize import InSpace, Resource
from netzraum_items.tables import Institution, Person
from netzraum_platform.paging import Page, cursor_of, id_of
from netzraum_platform.tables import AuditRow
from netzraum_spaces.audit.schemas import Actor, AuditEntry


async def entries(room: InSpace, limit: int, cursor: str | None) -> Page[AuditEntry]:
    """Newest first."""
    await room.decide("spaces.audit.read", Resource("audit"))
    rows = (
        select(AuditRow, Person.name, Institution.name)
        .outerjoin(Person, Person.account_id == AuditRow.account_id)
        .outerjoin(Institution, Institution.institution_id == Person.institution_id)
        .where(AuditRow.space_id == room.space_id)
        .order_by(AuditRow.id.desc())
        .limit(limit + 1)
    )
    if cursor is not None:
        rows = rows.where(AuditRow.id < id_of(cursor))
    found = [_entry(*row) for row in await room.context.db.execute(rows)]
    return Page(items=found[:limit], next=cursor_of(found[limit - 1].id) if len(found) > limit else None)


def _entry(row: AuditRow, name: str | None, institution: str | None) -> AuditEntry:
    who = Actor(account=row.account_id, name=name or "", institution=institution or "") if row.account_id else None
    return AuditEntry(
        id=row.id,
        at=row.at,
        who=who,
        what=row.what,
        item=row.item,
        reason=row.reason,
        details=row.details,
        policy_revision=row.policy_revision,
    )
