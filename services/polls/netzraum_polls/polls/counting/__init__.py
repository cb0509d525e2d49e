"""Counting ballots: no database, no clock, no order. The same ballots give the same result, whoever counts them."""
