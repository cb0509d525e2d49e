"""``python -m netzraum_content`` runs content by itself."""

from netzraum_content.app import SERVICE
from netzraum_platform.serve import main

main(SERVICE)
