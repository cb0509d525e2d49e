"""What the service spaces is made of."""

from pathlib import Path

from netzraum_items.access import LIVE_HANDLERS
from netzraum_items.tables import MIGRATIONS as ITEMS_MIGRATIONS
from netzraum_platform.service import Service
from netzraum_spaces.access import routes as access_routes
from netzraum_spaces.audit import routes as audit_routes
from netzraum_spaces.consumers import HANDLERS
from netzraum_spaces.jobs import JOBS, heartbeat
from netzraum_spaces.members import routes as members_routes
from netzraum_spaces.roles import routes as roles_routes
from netzraum_spaces.spaces import routes as spaces_routes

MIGRATIONS = Path(__file__).parent / "migrations"

SERVICE = Service(
    name="spaces",
    routers=(spaces_routes.router, members_routes.router, roles_routes.router, audit_routes.router),
    internal_routers=(access_routes.router,),
    migrations=(ITEMS_MIGRATIONS, MIGRATIONS),
    handlers=HANDLERS,
    live_handlers=LIVE_HANDLERS,
    jobs=JOBS,
    tasks=(heartbeat,),
)
