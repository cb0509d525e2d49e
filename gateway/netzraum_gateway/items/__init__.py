"""The pages that every tool with items has."""
