"""Search finds a word inside of a compound"""

import sqlalchemy as sa
from alembic import op

from netzraum_items import search_dialect
from netzraum_items.search_dialect import Indexed

revision = "items_0007"
down_revision = "items_0006"
branch_labels = None
depends_on = None

AT_ONCE = 200
_entries = sa.table("search_entries", sa.column("number", sa.BigInteger()), sa.column("title"), sa.column("body"))


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        op.execute("DROP TABLE search_words")
        op.execute("CREATE VIRTUAL TABLE search_words USING fts5(title, body, parts)")
        statement, row_of = search_dialect.INSERT_WORDS, search_dialect.words_row
    else:
        op.execute("ALTER TABLE search_entries ADD COLUMN parts tsvector")
        statement, row_of = search_dialect.SET_PARTS, search_dialect.parts_row
    numbers = list(connection.scalars(sa.select(_entries.c.number).order_by(_entries.c.number)))
    for start in range(0, len(numbers), AT_ONCE):
        batch = sa.select(_entries).where(_entries.c.number.in_(numbers[start : start + AT_ONCE]))
        rows = [row_of(Indexed(row.number, row.title, row.body)) for row in connection.execute(batch)]
        connection.execute(statement, rows)
    if connection.dialect.name != "sqlite":
        op.execute("CREATE INDEX search_entries_by_parts ON search_entries USING gin (parts)")


def downgrade() -> None:
    """The former index is filled as entries are written."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_words")
        op.execute("CREATE VIRTUAL TABLE search_words USING fts5(title, body)")
        return
    op.execute("DROP INDEX search_entries_by_parts")
    op.execute("ALTER TABLE search_entries DROP COLUMN parts")
