"""Content as a service: which tools it owns, what it hears, what it does later."""

from pathlib import Path

from netzraum_content import consumers, jobs
from netzraum_content.notices import routes as notices
from netzraum_content.notices.models import Notice
from netzraum_items.access import ACCESS_HANDLERS, LIVE_HANDLERS
from netzraum_items.routes import shared_routes
from netzraum_items.tables import MIGRATIONS as ITEMS_MIGRATIONS
from netzraum_platform.service import Service

TOOLS = (Notice.TOOL,)
MIGRATIONS = Path(__file__).parent / "migrations"

SERVICE = Service(
    name="content",
    routers=(notices.router, shared_routes(TOOLS)),
    migrations=(ITEMS_MIGRATIONS, MIGRATIONS),
    handlers=consumers.HANDLERS,
    ordered_handlers=ACCESS_HANDLERS,
    live_handlers=LIVE_HANDLERS,
    jobs=jobs.JOBS,
)
