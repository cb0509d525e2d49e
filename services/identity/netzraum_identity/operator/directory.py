"""The directory for other services: what the events told, for a first fill or after a restore."""

import uuid

from sqlalchemy import select

from netzraum_identity.accounts.models import Account
from netzraum_identity.institutions.models import Institution
from netzraum_identity.operator.schemas import Names
from netzraum_platform.context import WorkContext


async def names(context: WorkContext, after: uuid.UUID | None, limit: int) -> Names:
    rows = select(Account).order_by(Account.id).limit(limit)
    if after is not None:
        rows = rows.where(Account.id > after)
    accounts = list(await context.db.scalars(rows))
    institutions = list(await context.db.scalars(select(Institution))) if after is None else []
    return Names(
        accounts=[account.as_event() for account in accounts],
        institutions=[institution.as_event() for institution in institutions],
        next=accounts[-1].id if len(accounts) == limit else None,
    )
