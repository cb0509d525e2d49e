"""What all tests may ask for."""

from tests.databases import database_url, postgres_database, sqlite_database, templates
from tests.servers.fixtures import opa, postgres, rabbit, server_folder, server_folders, vhost

__all__ = [
    "database_url",
    "opa",
    "postgres",
    "postgres_database",
    "rabbit",
    "server_folder",
    "server_folders",
    "sqlite_database",
    "templates",
    "vhost",
]
