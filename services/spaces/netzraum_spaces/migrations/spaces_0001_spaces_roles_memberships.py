"""Spaces, roles, memberships"""

import sqlalchemy as sa
from alembic import op

from netzraum_platform.database import Json, UtcDateTime

revision = "spaces_0001"
down_revision = None
branch_labels = ("spaces",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spaces",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("template", sa.String(length=20), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("creator_id", sa.Uuid(), nullable=False),
        sa.Column("tools", Json, nullable=False),
        sa.Column("newcomers_see_history", sa.Boolean(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("without_coordinator_since", UtcDateTime(), nullable=True),
        sa.Column("access_version", sa.Integer(), nullable=False),
        sa.Column("access_changed_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["spaces.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("spaces", schema=None) as batch_op:
        batch_op.create_index("spaces_by_access_change", ["access_changed_at"], unique=False)
        batch_op.create_index("spaces_by_parent", ["parent_id"], unique=False)
        batch_op.create_index(
            "spaces_one_network",
            ["institution_id"],
            unique=True,
            postgresql_where=sa.text("kind = 'network'"),
            sqlite_where=sa.text("kind = 'network'"),
        )
        batch_op.create_index("spaces_without_coordinator", ["without_coordinator_since"], unique=False)

    op.create_table(
        "memberships",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=100), nullable=False),
        sa.Column("function", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.Column("suspended_at", UtcDateTime(), nullable=True),
        sa.Column("welcome", sa.Text(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("last_seen_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["spaces.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.create_index("memberships_by_account", ["account_id"], unique=False)
        batch_op.create_index(
            "memberships_one_per_account",
            ["space_id", "account_id"],
            unique=True,
            postgresql_where=sa.text("state <> 'ended'"),
            sqlite_where=sa.text("state <> 'ended'"),
        )

    op.create_table(
        "roles",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("base", sa.String(length=20), nullable=False),
        sa.Column("levels", Json, nullable=False),
        sa.Column("clearance", sa.String(length=20), nullable=True),
        sa.Column("builtin", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["spaces.id"],
        ),
        sa.PrimaryKeyConstraint("space_id", "name"),
    )


def downgrade() -> None:
    op.drop_table("roles")
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_index(
            "memberships_one_per_account",
            postgresql_where=sa.text("state <> 'ended'"),
            sqlite_where=sa.text("state <> 'ended'"),
        )
        batch_op.drop_index("memberships_by_account")

    op.drop_table("memberships")
    with op.batch_alter_table("spaces", schema=None) as batch_op:
        batch_op.drop_index("spaces_without_coordinator")
        batch_op.drop_index(
            "spaces_one_network", postgresql_where=sa.text("kind = 'network'"), sqlite_where=sa.text("kind = 'network'")
        )
        batch_op.drop_index("spaces_by_parent")
        batch_op.drop_index("spaces_by_access_change")

    op.drop_table("spaces")
