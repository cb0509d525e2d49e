"""Search reads what it shows: titles have an index of their own, and items are in the order of their news"""

from alembic import op

revision = "items_0008"
down_revision = "items_0007"
branch_labels = None
depends_on = None

LONG = ("search_entries_by_words", "search_entries_by_parts")
"""The indexes of whole texts."""
MOST_PENDING_KB = 128


def upgrade() -> None:
    op.create_index("items_by_news", "items", ["news_at", "id"])
    if op.get_bind().dialect.name == "postgresql":
        titles = "ts_filter(vector, '{a}')"
        op.execute(
            f"CREATE INDEX search_entries_by_title ON search_entries USING gin ({titles}) WITH (fastupdate = off)"
        )
        # What was written lately lies in a list beside the index, and each search reads it all: up to 4 MB before.
        for index in LONG:
            op.execute(f"ALTER INDEX {index} SET (gin_pending_list_limit = {MOST_PENDING_KB})")
        op.execute("ANALYZE search_entries")  # how frequent a word in titles is, is known by nothing else


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for index in LONG:
            op.execute(f"ALTER INDEX {index} RESET (gin_pending_list_limit)")
        op.execute("DROP INDEX search_entries_by_title")
    op.drop_index("items_by_news", "items")
