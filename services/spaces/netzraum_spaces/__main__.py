"""Run the service by itself: ``python -m netzraum_spaces``."""

from netzraum_platform.serve import main
from netzraum_spaces.app import SERVICE

if __name__ == "__main__":
    main(SERVICE)
