"""Secrets that are given out once and kept as a digest only."""

import hashlib
import secrets

BROWSER_SESSION = "nzs_"
REFRESH_TOKEN = "nzr_"  # noqa: S105  # a prefix, not a secret
API_TOKEN = "nzt_"  # noqa: S105  # a prefix, not a secret


def new_secret(prefix: str = "") -> str:
    """256 random bits; the prefix says what a leaked one is."""
    return prefix + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """SHA-256 is enough: a random secret of 256 bits is not guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()
