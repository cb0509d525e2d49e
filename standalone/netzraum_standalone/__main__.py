"""``python -m netzraum_standalone`` is the ``netzraum`` command."""

from netzraum_standalone.cli import app

app()
