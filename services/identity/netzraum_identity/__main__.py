"""``python -m netzraum_identity``: identity by itself."""

from netzraum_identity.app import SERVICE
from netzraum_platform.serve import main

main(SERVICE)
