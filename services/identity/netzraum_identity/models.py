"""The owner of identity's tables."""

from sqlalchemy.orm import DeclarativeBase


class IdentityBase(DeclarativeBase):
    """All tables of this service; each folder declares its own."""
