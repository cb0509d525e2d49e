"""Search reads what it shows: titles have an index of their own, and items are in the order of their news"""

from alembic import op

revision = "items_0008"
down_revision = "items_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("items_by_news", "items", ["news_at", "id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE INDEX search_entries_by_title ON search_entries USING gin (ts_filter(vector, '{a}'))")
        op.execute("ANALYZE search_entries")  # how frequent a word in titles is, is known by nothing else


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX search_entries_by_title")
    op.drop_index("items_by_news", "items")
