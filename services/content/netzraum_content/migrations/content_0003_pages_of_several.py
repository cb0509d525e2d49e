"""Wiki pages that several wrote are nobody's own"""

from alembic import op

revision = "content_0003"
down_revision = "content_0002"
branch_labels = None
depends_on = "items_0003"


def upgrade() -> None:
    op.execute(
        "UPDATE items SET several_authors = true WHERE EXISTS (SELECT 1 FROM wiki_revisions AS revision"
        " WHERE revision.page_id = items.id AND revision.author_id <> items.author_id)"
    )


def downgrade() -> None:
    """Goes with the column."""
