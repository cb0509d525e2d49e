"""``python -m netzraum_polls`` runs polls by itself."""

from netzraum_platform.serve import main
from netzraum_polls.app import SERVICE

main(SERVICE)
