"""Events"""

import sqlalchemy as sa
from alembic import op

from netzraum_platform.database import Json, UtcDateTime

revision = "calendar_0001"
down_revision = None
branch_labels = ("calendar",)
depends_on = "items_0002"


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("link", sa.String(length=2000), nullable=True),
        sa.Column("starts", sa.DateTime(), nullable=False),
        sa.Column("ends", sa.DateTime(), nullable=False),
        sa.Column("timezone", sa.String(length=50), nullable=False),
        sa.Column("all_day", sa.Boolean(), nullable=False),
        sa.Column("rrule", sa.String(length=500), nullable=True),
        sa.Column("exdates", Json, nullable=False),
        sa.Column("rdates", Json, nullable=False),
        sa.Column("uid", sa.String(length=300), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("reminders", Json, nullable=False),
        sa.Column("expanded_until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["items.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_events_uid"), ["uid"], unique=False)

    op.create_table(
        "event_attendees",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=100), nullable=True),
        sa.Column("space_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("event_attendees", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_attendees_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_attendees_event_id"), ["event_id"], unique=False)

    op.create_table(
        "event_categories",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "name"),
    )
    op.create_table(
        "event_changed_occurrences",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("original", sa.DateTime(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("fields", Json, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "original"),
    )
    op.create_table(
        "event_occurrences",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("original", sa.DateTime(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "original"),
    )
    with op.batch_alter_table("event_occurrences", schema=None) as batch_op:
        batch_op.create_index("event_occurrences_of_event", ["event_id", "starts_at"], unique=False)
        batch_op.create_index("event_occurrences_of_space", ["space_id", "starts_at", "ends_at"], unique=False)

    op.create_table(
        "event_reminded",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("original", sa.DateTime(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "account_id", "original", "minutes"),
    )
    op.create_table(
        "event_replies",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("original", sa.DateTime(), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("comment", sa.String(length=2000), nullable=True),
        sa.Column("deputy_id", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "account_id", "original"),
    )


def downgrade() -> None:
    op.drop_table("event_replies")
    op.drop_table("event_reminded")
    with op.batch_alter_table("event_occurrences", schema=None) as batch_op:
        batch_op.drop_index("event_occurrences_of_space")
        batch_op.drop_index("event_occurrences_of_event")

    op.drop_table("event_occurrences")
    op.drop_table("event_changed_occurrences")
    op.drop_table("event_categories")
    with op.batch_alter_table("event_attendees", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_attendees_event_id"))
        batch_op.drop_index(batch_op.f("ix_event_attendees_account_id"))

    op.drop_table("event_attendees")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_events_uid"))

    op.drop_table("events")
