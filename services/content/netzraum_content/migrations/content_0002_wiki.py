"""Wiki"""

import sqlalchemy as sa
from alembic import op

from netzraum_platform.database import UtcDateTime

revision = "content_0002"
down_revision = "content_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wiki_pages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("tree_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("template", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["items.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["parent_id"], ["wiki_pages.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("wiki_pages", schema=None) as batch_op:
        batch_op.create_index("wiki_pages_by_slug", ["tree_id", "slug"], unique=False)
        batch_op.create_index("wiki_pages_of_parent", ["parent_id"], unique=False)
        batch_op.create_index("wiki_pages_of_tree", ["tree_id", "parent_id"], unique=False)

    op.create_table(
        "wiki_addresses",
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["wiki_pages.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("page_id", "slug"),
    )
    with op.batch_alter_table("wiki_addresses", schema=None) as batch_op:
        batch_op.create_index("wiki_addresses_by_slug", ["space_id", "slug"], unique=False)

    op.create_table(
        "wiki_editing",
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["wiki_pages.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("page_id", "account_id"),
    )
    op.create_table(
        "wiki_links",
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["wiki_pages.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("page_id", "slug"),
    )
    with op.batch_alter_table("wiki_links", schema=None) as batch_op:
        batch_op.create_index("wiki_links_by_slug", ["space_id", "slug"], unique=False)

    op.create_table(
        "wiki_revisions",
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("comment", sa.String(length=200), nullable=False),
        sa.Column("sent", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["wiki_pages.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("page_id", "number"),
    )


def downgrade() -> None:
    op.drop_table("wiki_revisions")
    with op.batch_alter_table("wiki_links", schema=None) as batch_op:
        batch_op.drop_index("wiki_links_by_slug")

    op.drop_table("wiki_links")
    op.drop_table("wiki_editing")
    with op.batch_alter_table("wiki_addresses", schema=None) as batch_op:
        batch_op.drop_index("wiki_addresses_by_slug")

    op.drop_table("wiki_addresses")
    with op.batch_alter_table("wiki_pages", schema=None) as batch_op:
        batch_op.drop_index("wiki_pages_of_tree")
        batch_op.drop_index("wiki_pages_of_parent")
        batch_op.drop_index("wiki_pages_by_slug")

    op.drop_table("wiki_pages")
