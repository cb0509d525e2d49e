"""How identity is put together."""

from pathlib import Path

from netzraum_identity import jobs
from netzraum_identity.accounts import routes as accounts
from netzraum_identity.consumers import HANDLERS
from netzraum_identity.institutions import routes as institutions
from netzraum_identity.invitations import routes as invitations
from netzraum_identity.keys import routes as keys
from netzraum_identity.keys import service as signing_keys
from netzraum_identity.operator import routes as operator
from netzraum_identity.second_factors import routes as second_factors
from netzraum_identity.sessions import routes as sessions
from netzraum_identity.tokens import routes as tokens
from netzraum_items.access import ACCESS_HANDLERS, LIVE_HANDLERS
from netzraum_items.tables import MIGRATIONS as ITEMS_MIGRATIONS
from netzraum_platform.service import Service

MIGRATIONS = Path(__file__).parent / "migrations"

SERVICE = Service(
    name="identity",
    routers=(
        sessions.router,
        accounts.router,
        second_factors.router,
        tokens.router,
        institutions.router,
        invitations.router,
        operator.router,
    ),
    internal_routers=(keys.internal, sessions.internal, invitations.internal),
    migrations=(ITEMS_MIGRATIONS, MIGRATIONS),
    handlers=HANDLERS,
    ordered_handlers=ACCESS_HANDLERS,
    live_handlers=LIVE_HANDLERS,
    jobs=jobs.JOBS,
    tasks=(signing_keys.keep_fresh,),
    prepare=jobs.prepare,
    needs=("keys_folder",),
)
