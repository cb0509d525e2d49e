"""Accounts: people who can log in, or are invited to."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from netzraum_contracts.identity import AccountChanged, AccountState
from netzraum_identity.fields import address_key
from netzraum_identity.models import IdentityBase
from netzraum_platform.context import WorkContext
from netzraum_platform.database import UtcDateTime, Uuid, new_id


class Account(IdentityBase):
    """A person. ``address_key`` is what makes an address the same as another; ``email`` is how it was written.

    ``seen_at`` is the last sign of life, ``last_visit`` the last one of the visit before this one.
    """

    __tablename__ = "accounts"
    __table_args__ = (Index("accounts_by_institution", "institution_id"),)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(254))
    address_key: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    function: Mapped[str | None] = mapped_column(String(200))
    institution_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("institutions.id"))
    state: Mapped[AccountState] = mapped_column(String(20))
    operator: Mapped[bool] = mapped_column(default=False)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="de")
    timezone: Mapped[str] = mapped_column(String(64), default="Europe/Berlin")
    mail: Mapped[str] = mapped_column(String(10), default="daily")
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_visit: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=0)

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012  # SQLAlchemy's way

    def as_event(self) -> AccountChanged:
        return AccountChanged(
            account=self.id,
            name=self.name,
            function=self.function,
            institution=self.institution_id,
            state=self.state,
            version=self.version,
        )

    def changed(self, context: WorkContext) -> None:
        """Count the change and tell everybody the account as it now is."""
        self.version += 1
        context.publish(self.as_event(), subject=self.id)


def new_account(
    context: WorkContext, email: str, name: str, institution: uuid.UUID, language: str = "de", **more: object
) -> Account:
    """A new row of the transaction, invited until something makes it active; not told yet."""
    account = Account(
        id=new_id(), email=email, address_key=address_key(email), name=name, institution_id=institution,
        language=language, created_at=context.now, version=0, **{"state": "invited", **more},
    )  # fmt: skip
    context.db.add(account)
    return account
