"""Alembic's entry: runs the migrations of all owners on the connection that migrate.py hands over."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from netzraum_platform import database


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our own column types by their names, with their import."""
    if kind == "type" and isinstance(item, database.UtcDateTime):
        autogen.imports.add("from netzraum_platform.database import UtcDateTime")
        return "UtcDateTime()"
    if kind == "type" and item is database.Json:
        autogen.imports.add("from netzraum_platform.database import Json")
        return "Json"
    return False


def is_own(_item: Any, _name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
    """Leave the tables of other owners alone when a migration is written."""
    return not (kind == "table" and reflected and compared is None)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    render_as_batch=True,
    render_item=render_item,
    include_object=is_own,
)
with context.begin_transaction():
    context.run_migrations()
