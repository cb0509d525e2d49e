"""Who did what in a space."""
