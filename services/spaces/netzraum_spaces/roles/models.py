"""The row of a role: the built-in role that it is based on, and what the space changed of that."""

import uuid

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from netzraum_contracts import spaces as contract
from netzraum_platform.database import Json, Uuid
from netzraum_spaces.spaces.models import SpacesBase


class Role(SpacesBase):
    """A role of one space. ``levels`` and ``clearance`` are overrides; ``title`` is empty for a built-in one."""

    __tablename__ = "roles"

    space_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("spaces.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    title: Mapped[str | None] = mapped_column(String(200))
    base: Mapped[str] = mapped_column(String(20))
    levels: Mapped[dict[str, str]] = mapped_column(Json)
    clearance: Mapped[str | None] = mapped_column(String(20))
    builtin: Mapped[bool]
    position: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)

    def as_contract(self) -> contract.Role:
        return contract.Role(name=self.name, base=self.base, levels=self.levels, clearance=self.clearance)
