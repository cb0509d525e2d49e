"""``python -m netzraum_calendar`` runs calendar by itself."""

from netzraum_calendar.app import SERVICE
from netzraum_platform.serve import main

main(SERVICE)
