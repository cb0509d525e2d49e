"""Reminded of a time"""

import sqlalchemy as sa
from alembic import op

from netzraum_platform.database import UtcDateTime

revision = "calendar_0002"
down_revision = "calendar_0001"
branch_labels = None
depends_on = None

FILL = """
UPDATE event_reminded SET starts_at = (
    SELECT at.starts_at FROM event_occurrences AS at
    WHERE at.event_id = event_reminded.event_id AND at.original = event_reminded.original
)
"""


def upgrade() -> None:
    op.add_column("event_reminded", sa.Column("starts_at", UtcDateTime(), nullable=True))
    op.execute(FILL)
    op.execute("DELETE FROM event_reminded WHERE starts_at IS NULL")  # of dates that there are no longer
    with op.batch_alter_table("event_reminded", schema=None) as batch_op:
        batch_op.alter_column("starts_at", existing_type=UtcDateTime(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("event_reminded", schema=None) as batch_op:
        batch_op.drop_column("starts_at")
