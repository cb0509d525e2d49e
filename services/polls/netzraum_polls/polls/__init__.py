"""Polls (Umfragen): open, confidential and secret ones."""
