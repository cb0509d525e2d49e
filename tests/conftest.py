"""What all tests may ask for. Their files lie in memory where the system offers that: databases sync often."""

import os
import tempfile

from tests.databases import database_url, postgres_database, sqlite_database, templates
from tests.servers.fixtures import opa, postgres, rabbit, server_folder, server_folders, vhost
from tests.sharing import (
    pytest_collection_modifyitems,
    pytest_configure_node,
    pytest_unconfigure,
    pytest_xdist_make_scheduler,
    pytest_xdist_setupnodes,
)
from tests.workers import ports

IN_MEMORY = "/dev/shm"
if os.access(IN_MEMORY, os.W_OK) and "TMPDIR" not in os.environ:
    os.environ["TMPDIR"] = tempfile.tempdir = IN_MEMORY
os.environ["NETZRAUM_PORTS"] = ports()

__all__ = [
    "database_url",
    "opa",
    "postgres",
    "postgres_database",
    "pytest_collection_modifyitems",
    "pytest_configure_node",
    "pytest_unconfigure",
    "pytest_xdist_make_scheduler",
    "pytest_xdist_setupnodes",
    "rabbit",
    "server_folder",
    "server_folders",
    "sqlite_database",
    "templates",
    "vhost",
]
