"""Institutions: registered ones, and partners that a coordinator named."""

import uuid
from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from netzraum_contracts.identity import InstitutionChanged, InstitutionKind, InstitutionState
from netzraum_identity.fields import name_key
from netzraum_identity.models import IdentityBase
from netzraum_platform.context import WorkContext
from netzraum_platform.database import UtcDateTime, Uuid, new_id


class Institution(IdentityBase):
    """``partner`` tells that it was one before it registered, and is again when that is refused."""

    __tablename__ = "institutions"
    __table_args__ = (Index("institutions_by_name", "name_key"), Index("institutions_by_state", "state", "id"))

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200))
    town: Mapped[str] = mapped_column(String(200))
    kind: Mapped[InstitutionKind] = mapped_column(String(30))
    state: Mapped[InstitutionState] = mapped_column(String(20))
    partner: Mapped[bool] = mapped_column(default=False)
    registrant_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    reason: Mapped[str | None] = mapped_column(Text)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=0)

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012  # SQLAlchemy's way

    def rename(self, name: str) -> None:
        self.name, self.name_key = name, name_key(name)

    def as_event(self) -> InstitutionChanged:
        return InstitutionChanged(
            institution=self.id, name=self.name, town=self.town, kind=self.kind, state=self.state, version=self.version
        )

    def changed(self, context: WorkContext) -> None:
        """Count the change and tell everybody the institution as it now is."""
        self.version += 1
        context.publish(self.as_event(), subject=self.id)


def new_institution(
    context: WorkContext, name: str, town: str, kind: InstitutionKind, state: InstitutionState
) -> Institution:
    """A new row of the transaction; not told yet."""
    institution = Institution(
        id=new_id(), name=name, name_key=name_key(name), town=town, kind=kind, state=state,
        partner=False, created_at=context.now, version=0,
    )  # fmt: skip
    context.db.add(institution)
    return institution
