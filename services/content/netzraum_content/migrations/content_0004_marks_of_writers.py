"""A mark of who opened a form of which nothing more is heard lasts longer, and says so"""

import sqlalchemy as sa
from alembic import op

revision = "content_0004"
down_revision = "content_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("wiki_editing") as table:
        table.add_column(sa.Column("once", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("wiki_editing") as table:
        table.drop_column("once")
