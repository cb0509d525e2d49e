"""Calendar as a service: its routes, what it hears, what it does later."""

from pathlib import Path

from netzraum_calendar import consumers, jobs
from netzraum_calendar.events import file_routes as files
from netzraum_calendar.events import routes as events
from netzraum_calendar.holidays import routes as holidays
from netzraum_calendar.holidays.settings import prepare
from netzraum_items.access import ACCESS_HANDLERS, LIVE_HANDLERS
from netzraum_items.current import router as current_items
from netzraum_items.news import router as news
from netzraum_items.routes import router as shared_routes
from netzraum_items.tables import MIGRATIONS as ITEMS_MIGRATIONS
from netzraum_platform.service import Service

MIGRATIONS = Path(__file__).parent / "migrations"

SERVICE = Service(
    name="calendar",
    routers=(files.router, events.router, events.windows_router, holidays.router, shared_routes),
    internal_routers=(current_items, news),
    migrations=(ITEMS_MIGRATIONS, MIGRATIONS),
    handlers=consumers.HANDLERS,
    ordered_handlers=ACCESS_HANDLERS,
    live_handlers=LIVE_HANDLERS,
    jobs=jobs.JOBS,
    prepare=prepare,
)
