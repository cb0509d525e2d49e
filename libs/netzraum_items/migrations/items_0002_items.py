"""Items with seen marks, activity and search"""

import sqlalchemy as sa
from alembic import op

from netzraum_platform.database import UtcDateTime

revision = "items_0002"
down_revision = "items_0001"
branch_labels = None
depends_on = None


def create_search_index(dialect: str) -> None:
    """What netzraum_items/search_dialect.py uses: a vector with GIN on PostgreSQL, FTS5 on SQLite."""
    if dialect == "sqlite":
        op.execute("CREATE VIRTUAL TABLE search_words USING fts5(title, body)")
        return
    op.execute("ALTER TABLE search_entries ADD COLUMN vector tsvector")
    op.execute("CREATE INDEX search_entries_by_words ON search_entries USING gin (vector)")


def drop_search_index(dialect: str) -> None:
    if dialect == "sqlite":
        op.execute("DROP TABLE search_words")


def upgrade() -> None:
    op.create_table(
        "items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("tool", sa.String(length=20), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("classification", sa.String(length=20), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("excerpt", sa.String(length=250), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("news_at", UtcDateTime(), nullable=False),
        sa.Column("visible_from", UtcDateTime(), nullable=True),
        sa.Column("visible_until", UtcDateTime(), nullable=True),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.Column("purpose", sa.String(length=200), nullable=True),
        sa.Column("delete_on", sa.Date(), nullable=True),
        sa.Column("narrowed", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.create_index("items_by_author", ["author_id", "state"], unique=False)
        batch_op.create_index("items_newest_first", ["space_id", "tool", "pinned", "news_at", "id"], unique=False)

    op.create_table(
        "seen_until",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("tool", sa.String(length=20), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "space_id", "tool"),
    )
    op.create_table(
        "activity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index("activity_newest_first", ["space_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_activity_item_id"), ["item_id"], unique=False)

    op.create_table(
        "item_roles",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", "role"),
    )
    op.create_table(
        "search_entries",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("item_id"),
    )
    op.create_table(
        "seen_items",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "item_id"),
    )
    with op.batch_alter_table("seen_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seen_items_item_id"), ["item_id"], unique=False)

    create_search_index(op.get_bind().dialect.name)


def downgrade() -> None:
    drop_search_index(op.get_bind().dialect.name)
    with op.batch_alter_table("seen_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seen_items_item_id"))

    op.drop_table("seen_items")
    op.drop_table("search_entries")
    op.drop_table("item_roles")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_item_id"))
        batch_op.drop_index("activity_newest_first")

    op.drop_table("activity")
    op.drop_table("seen_until")
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.drop_index("items_newest_first")
        batch_op.drop_index("items_by_author")

    op.drop_table("items")
