"""What a poll has beside what every item has, and its ballots."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Literal

from sqlalchemy import ColumnElement, ForeignKey, LargeBinary, String, Text, and_, exists, literal, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from netzraum_contracts.polls import PollChanged
from netzraum_items.items import Item, Waiting, not_past
from netzraum_items.tables import AccessMembership, ItemsBase, Person
from netzraum_platform.database import Json, UtcDateTime, Uuid
from netzraum_platform.text import to_plain
from netzraum_polls.polls.questions import Question, read_questions

PollState = Literal["draft", "coming", "open", "closed", "void", "deleted"]
Secrecy = Literal["open", "confidential", "secret"]
ResultsShown = Literal["after_close", "always", "after_vote", "managers"]
EVERY_MEMBER, EVERY_INSTITUTION, ONE_ROLE = "members", "institutions", "role:"


class Poll(Item):
    """A poll. It opens at the item's ``visible_from`` and closes at its ``visible_until``.

    ``opened_at`` and ``closed_at``: when it truly was opened, and counted. ``electorate``: ``members``,
    ``institutions`` (one voice each) or ``role:NAME``. ``voted`` and ``entitled`` are counted at the close.
    ``void``: why there will never be a result; while it is not closed, why there could be none now (key_loss.py).
    ``public_key`` of a secret poll, in hexadecimal.
    """

    __tablename__ = "polls"
    __mapper_args__ = {"polymorphic_identity": "poll"}  # noqa: RUF012  # read once by SQLAlchemy

    SERVICE: ClassVar = "polls"
    TOOL: ClassVar = "polls"
    TYPE: ClassVar = "poll"
    EVENT: ClassVar = PollChanged

    id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    secrecy: Mapped[Secrecy] = mapped_column(String(20))
    results: Mapped[ResultsShown] = mapped_column(String(20))
    electorate: Mapped[str] = mapped_column(String(110))
    change_allowed: Mapped[bool]
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    public_key: Mapped[str | None] = mapped_column(String(64))
    void: Mapped[str | None] = mapped_column(String(20))
    outcome: Mapped[str | None] = mapped_column(Text)
    voted: Mapped[int | None]
    entitled: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))

    def searchable(self) -> str:
        asked = [part for question in self.asked for part in (question.title, *question.titles)]
        return " ".join([to_plain(self.text), *asked, to_plain(self.outcome or "")]).strip()

    @property
    def asked(self) -> list[Question]:
        return read_questions(self.questions)

    @property
    def is_secret(self) -> bool:
        return self.secrecy == "secret"

    @property
    def by_institution(self) -> bool:
        return self.electorate == EVERY_INSTITUTION

    def is_over(self, now: datetime) -> bool:
        """Whether its time has passed, also where it is not counted yet."""
        return self.visible_until is not None and self.visible_until <= now

    def stands(self, now: datetime) -> PollState:
        """Where the poll stands by the clock; also ``closed`` while it is about to be counted. Whether one that is open
        can be counted at all, the key folder knows (``standing_of``)."""
        state = self.state_at(now)
        if state in ("deleted", "draft"):
            return "deleted" if state == "deleted" else "draft"
        if self.closed_at is not None:
            return "closed" if self.void is None else "void"
        if self.opened_at is None:
            return "coming"
        return "closed" if self.is_over(now) else "open"

    @classmethod
    def takes_ballots(cls, now: datetime) -> ColumnElement[bool]:
        """``stands(now) == "open"`` as SQL, over polls with their items; without those that are known to be void."""
        runs = and_(cls.opened_at.is_not(None), cls.closed_at.is_(None), cls.void.is_(None))
        return and_(runs, Item.deleted_at.is_(None), not_past(now))

    @classmethod
    def waiting(cls, account: uuid.UUID, now: datetime) -> Sequence[Waiting]:
        """Open polls in which the account may vote and neither it nor, where that counts, its institution has."""
        institution = select(Person.institution_id).where(Person.account_id == account).scalar_subquery()
        mine = or_(
            cls.electorate == EVERY_MEMBER,
            cls.electorate == EVERY_INSTITUTION,
            cls.electorate == literal(ONE_ROLE) + AccessMembership.role,
        )
        voted = [
            exists().where(table.poll_id == cls.id, or_(table.voter_id == account, table.voter_id == institution))
            for table in (Ballot, Envelope)
        ]
        return [Waiting("vote", and_(cls.takes_ballots(now), mine, ~voted[0], ~voted[1]), cls.visible_until)]


class Ballot(ItemsBase):
    """A ballot of an open or confidential poll: of an account, or of an institution that ``account_id`` spoke for."""

    __tablename__ = "ballots"

    poll_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("polls.id", ondelete="CASCADE"), primary_key=True)
    voter_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    answers: Mapped[dict[str, Any]] = mapped_column(Json)


class Envelope(ItemsBase):
    """The sealed ballot of a voter while a secret poll is open. No time, no number, always of the same size."""

    __tablename__ = "envelopes"

    poll_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("polls.id", ondelete="CASCADE"), primary_key=True)
    voter_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    envelope: Mapped[bytes] = mapped_column(LargeBinary)


class SecretBallot(ItemsBase):
    """A ballot out of an envelope, as it is kept after the close: with a random id, without voter and time."""

    __tablename__ = "secret_ballots"

    poll_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("polls.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    answers: Mapped[dict[str, Any]] = mapped_column(Json)


class Seal(ItemsBase):
    """The results of a closed poll as they were counted: JSON with sorted keys, whose SHA-256 is the poll's."""

    __tablename__ = "seals"

    poll_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("polls.id", ondelete="CASCADE"), primary_key=True)
    document: Mapped[str] = mapped_column(Text)
