"""Polls as a service: its routes, what it hears, what it does later."""

from pathlib import Path

from netzraum_items.access import ACCESS_HANDLERS, DIRECTORY_HANDLERS, LIVE_HANDLERS
from netzraum_items.current import router as current_items
from netzraum_items.news import router as news
from netzraum_items.routes import router as shared_routes
from netzraum_items.tables import MIGRATIONS as ITEMS_MIGRATIONS
from netzraum_platform.context import App
from netzraum_platform.service import Service
from netzraum_polls import jobs
from netzraum_polls.polls import closing, key_loss
from netzraum_polls.polls import routes as polls

MIGRATIONS = Path(__file__).parent / "migrations"


async def see_to_keys(app: App) -> None:
    """At the start: no key outlives its poll, and no poll counts on a key that is lost."""
    await closing.destroy_leftovers(app)
    await key_loss.check_all(app)


SERVICE = Service(
    name="polls",
    routers=(polls.router, shared_routes),
    internal_routers=(current_items, news),
    migrations=(ITEMS_MIGRATIONS, MIGRATIONS),
    handlers=DIRECTORY_HANDLERS,
    ordered_handlers=ACCESS_HANDLERS,
    live_handlers=LIVE_HANDLERS,
    jobs=jobs.JOBS,
    prepare=see_to_keys,
    needs=("keys_folder",),
)
