"""Content as a service: its routes, what it hears, what it does later."""

from pathlib import Path

from netzraum_content import consumers, jobs
from netzraum_content.notices import routes as notices
from netzraum_content.wiki import routes as wiki
from netzraum_items.access import ACCESS_HANDLERS, LIVE_HANDLERS
from netzraum_items.current import router as current_items
from netzraum_items.news import router as news
from netzraum_items.routes import router as shared_routes
from netzraum_items.tables import MIGRATIONS as ITEMS_MIGRATIONS
from netzraum_platform.service import Service

MIGRATIONS = Path(__file__).parent / "migrations"

SERVICE = Service(
    name="content",
    routers=(notices.router, wiki.router, shared_routes),
    internal_routers=(current_items, news),
    migrations=(ITEMS_MIGRATIONS, MIGRATIONS),
    handlers=consumers.HANDLERS,
    ordered_handlers=ACCESS_HANDLERS,
    live_handlers=LIVE_HANDLERS,
    jobs=jobs.JOBS,
)
