"""Who holds which role in the spaces of an installation, as the service spaces knows it."""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, or_, select

from netzraum_items.authorize import role_input
from netzraum_items.tables import AccessMembership, AccessRole, AccessSpace
from netzraum_platform.database import Database, utc_now
from netzraum_spaces.spaces.models import Space


@dataclass(frozen=True)
class Holders:
    """The ``count`` members of a space who hold the same role; ``membership`` is theirs as the policy takes it."""

    space: uuid.UUID
    name: str
    role: str
    count: int
    tools: tuple[str, ...]
    membership: dict[str, Any]


async def holders_in(url: str) -> list[Holders]:
    """Of the memberships that run now, by space and role. ``url`` is the database of the service spaces."""
    now = utc_now()
    statement = (
        select(AccessSpace, AccessRole, Space.name, func.count().label("count"))
        .join(AccessRole, AccessRole.space_id == AccessSpace.space_id)
        .join(Space, Space.id == AccessSpace.space_id)
        .join(
            AccessMembership,
            (AccessMembership.space_id == AccessSpace.space_id) & (AccessMembership.role == AccessRole.name),
        )
        .where(AccessMembership.starts_at <= now)
        .where(or_(AccessMembership.ends_at.is_(None), AccessMembership.ends_at > now))
        .group_by(AccessSpace.space_id, AccessRole.space_id, AccessRole.name, Space.id)
        .order_by(Space.name, AccessSpace.space_id, AccessRole.name)
    )
    database = Database(url)
    try:
        async with database.session() as session:
            return [_holders(row) for row in await session.execute(statement)]
    finally:
        await database.close()


def _holders(row: Row[AccessSpace, AccessRole, str, int]) -> Holders:
    space, role, name, count = row
    membership = {**role_input(role), "from": None, "until": None, "space_kind": space.kind}
    return Holders(space.space_id, name, role.name, count, tuple(space.tools), membership)
