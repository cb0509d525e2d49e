"""All pages of the calendar; those of its own come before those that every tool has."""

from netzraum_gateway.calendar import events, files, subscriptions, views
from netzraum_gateway.calendar.tool import EVENTS
from netzraum_gateway.items.reading import reading_routes
from netzraum_gateway.items.writing import writing_routes

ROUTES = [
    *views.ROUTES,
    *events.ROUTES,
    *files.ROUTES,
    *subscriptions.ROUTES,
    *writing_routes(EVENTS),
    *reading_routes(EVENTS),
]
