"""Events (Termine)."""
