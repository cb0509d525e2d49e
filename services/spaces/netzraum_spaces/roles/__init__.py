"""Roles of a space: what it changes of the built-in ones, and its own."""
