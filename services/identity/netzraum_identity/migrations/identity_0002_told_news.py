"""told news"""

import sqlalchemy as sa
from alembic import op

from netzraum_platform.database import UtcDateTime

revision = "identity_0002"
down_revision = "identity_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "told_items",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "item_id"),
    )
    with op.batch_alter_table("told_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_told_items_at"), ["at"], unique=False)

    op.create_table(
        "told_news",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("account_id"),
    )


def downgrade() -> None:
    op.drop_table("told_news")
    with op.batch_alter_table("told_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_told_items_at"))

    op.drop_table("told_items")
