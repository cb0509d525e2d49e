"""Memberships: who belongs to a space, as what, until when."""
