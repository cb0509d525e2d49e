"""Spaces of the three kinds: templates, settings, who coordinates them."""
