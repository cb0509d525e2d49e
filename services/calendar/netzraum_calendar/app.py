"""Calendar as a service: its routes, what it hears, what it does later."""

from netzraum_items.access import ACCESS_HANDLERS, DIRECTORY_HANDLERS, LIVE_HANDLERS
from netzraum_items.current import router as current_items
from netzraum_items.routes import router as shared_routes
from netzraum_items.tables import MIGRATIONS as ITEMS_MIGRATIONS
from netzraum_items.timed import ITEM_JOBS
from netzraum_platform.service import Service

SERVICE = Service(
    name="calendar",
    routers=(shared_routes,),
    internal_routers=(current_items,),
    migrations=(ITEMS_MIGRATIONS,),
    handlers=DIRECTORY_HANDLERS,
    ordered_handlers=ACCESS_HANDLERS,
    live_handlers=LIVE_HANDLERS,
    jobs=ITEM_JOBS,
)
