"""The row of a space. Whoever changes who may do what in it holds its lock (access/service.py)."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from netzraum_contracts import spaces as contract
from netzraum_platform.database import Json, UtcDateTime, Uuid, new_id

OF_NETWORKS = text("kind = 'network'")


class SpacesBase(DeclarativeBase):
    """Owner of the tables of this service."""


class Space(SpacesBase):
    """A space. ``version`` counts changes of its settings, ``access_version`` those of who may do what in it.

    ``without_coordinator_since`` is set where expiry, suspension or erasure took the last one who coordinates.
    """

    __tablename__ = "spaces"
    __table_args__ = (
        Index(
            "spaces_one_network", "institution_id", unique=True, postgresql_where=OF_NETWORKS, sqlite_where=OF_NETWORKS
        ),
        Index("spaces_by_parent", "parent_id"),
        Index("spaces_by_access_change", "access_changed_at"),
        Index("spaces_without_coordinator", "without_coordinator_since"),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    kind: Mapped[contract.SpaceKind] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str] = mapped_column(Text, default="")
    template: Mapped[str] = mapped_column(String(20))
    parent_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("spaces.id"))
    institution_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    creator_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    tools: Mapped[list[str]] = mapped_column(Json)
    newcomers_see_history: Mapped[bool] = mapped_column(default=True)
    archived: Mapped[bool] = mapped_column(default=False)
    without_coordinator_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    access_version: Mapped[int] = mapped_column(default=0)
    access_changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    def as_contract(self) -> contract.Space:
        return contract.Space(
            kind=self.kind,
            parent=self.parent_id,
            institution=self.institution_id,
            creator=self.creator_id,
            tools=self.tools,
            newcomers_see_history=self.newcomers_see_history,
            archived=self.archived,
        )
