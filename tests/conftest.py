"""What all tests may ask for."""

from tests.servers.fixtures import opa, postgres, rabbit, server_folder, server_folders, vhost

__all__ = ["opa", "postgres", "rabbit", "server_folder", "server_folders", "vhost"]
