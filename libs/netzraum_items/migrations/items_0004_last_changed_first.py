"""Lists by the last change read what they show, not all there is"""

from alembic import op

revision = "items_0004"
down_revision = "items_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("items_by_change", "items", ["space_id", "tool", "updated_at", "id"])


def downgrade() -> None:
    op.drop_index("items_by_change", "items")
