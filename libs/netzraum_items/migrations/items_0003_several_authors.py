"""Items that several wrote are nobody's own"""

import sqlalchemy as sa
from alembic import op

revision = "items_0003"
down_revision = "items_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("items", sa.Column("several_authors", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.drop_column("several_authors")
