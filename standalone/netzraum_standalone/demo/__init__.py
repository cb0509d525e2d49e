"""Demo data of the region Hagen/Ennepe-Ruhr, made through the API as people would make them."""

from netzraum_standalone.demo.fill import WELCOME, fill_running, fill_standalone

__all__ = ["WELCOME", "fill_running", "fill_standalone"]
