"""All pages, area by area; of two addresses that fit, the first one counts."""

from collections.abc import Sequence

from netzraum_gateway.account import keys
from netzraum_gateway.account import pages as account
from netzraum_gateway.calendar import pages as calendar
from netzraum_gateway.footer import pages as footer
from netzraum_gateway.getting_in import pages as getting_in
from netzraum_gateway.getting_in import registration
from netzraum_gateway.members import pages as members
from netzraum_gateway.members import roles
from netzraum_gateway.notices import pages as notices
from netzraum_gateway.operator import pages as operator
from netzraum_gateway.polls import pages as polls
from netzraum_gateway.search import pages as search
from netzraum_gateway.site import PageRoute
from netzraum_gateway.spaces import pages as spaces
from netzraum_gateway.start import pages as start
from netzraum_gateway.wiki import pages as wiki

ROUTES: Sequence[PageRoute] = (
    *start.ROUTES,
    *getting_in.ROUTES,
    *registration.ROUTES,
    *spaces.ROUTES,
    *members.ROUTES,
    *roles.ROUTES,
    *notices.ROUTES,
    *wiki.ROUTES,
    *calendar.ROUTES,
    *polls.ROUTES,
    *search.ROUTES,
    *account.ROUTES,
    *keys.ROUTES,
    *operator.ROUTES,
    *footer.ROUTES,
)
