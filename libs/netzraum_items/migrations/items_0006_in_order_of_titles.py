"""Lists by title are in order as a German dictionary is, on both databases, and read what they show"""

import sqlalchemy as sa
from alembic import op

from netzraum_items.items import SortTitle, sort_title_of

revision = "items_0006"
down_revision = "items_0005"
branch_labels = None
depends_on = None

AT_ONCE = 1_000
_items = sa.table("items", sa.column("id", sa.Uuid()), sa.column("title"), sa.column("sort_title"))


def upgrade() -> None:
    op.add_column("items", sa.Column("sort_title", SortTitle, nullable=False, server_default=""))
    connection = op.get_bind()
    fill = sa.update(_items).where(_items.c.id == sa.bindparam("item")).values(sort_title=sa.bindparam("key"))
    rows = connection.execute(sa.select(_items.c.id, _items.c.title)).all()
    for start in range(0, len(rows), AT_ONCE):
        keys = [{"item": row.id, "key": sort_title_of(row.title)} for row in rows[start : start + AT_ONCE]]
        connection.execute(fill, keys)
    op.create_index("items_by_title", "items", ["space_id", "tool", "sort_title", "id"])


def downgrade() -> None:
    op.drop_index("items_by_title", "items")
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.drop_column("sort_title")
