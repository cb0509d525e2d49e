"""Room for sealed secrets; what is there is sealed when the service starts, for only it has the key."""

import sqlalchemy as sa
from alembic import op

revision = "identity_0003"
down_revision = "identity_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("second_factors", schema=None) as batch_op:
        batch_op.alter_column("secret", existing_type=sa.String(length=64), type_=sa.String(length=120))


def downgrade() -> None:
    """For what is not sealed yet only: nothing unseals the others."""
    with op.batch_alter_table("second_factors", schema=None) as batch_op:
        batch_op.alter_column("secret", existing_type=sa.String(length=120), type_=sa.String(length=64))
