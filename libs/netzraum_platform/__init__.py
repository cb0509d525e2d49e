"""Plumbing that every Netzraum service stands on. No domain noun lives here."""
