"""Backup and restore of a standalone data folder: one consistent cut over all databases, also while it runs."""

import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from netzraum_standalone.settings import StandaloneSettings

BESIDE_DATABASES = ("blobs", "secrets", "policy")
WAIT_S = 30.0


class CannotRestore(Exception):
    """The archive or the folder is not what a restore needs; nothing was changed."""


def backup(settings: StandaloneSettings, archive: Path) -> None:
    """Write all databases, blobs, secrets and the active policy into a .tar.gz; never the keys folder.

    Writers wait while the databases are copied; readers do not.
    """
    files = sorted((settings.data / "databases").glob("*.db"))
    if not files:
        raise FileNotFoundError(f"{settings.data} holds no databases")
    with tempfile.TemporaryDirectory() as scratch:
        copies = Path(scratch) / "databases"
        copies.mkdir()
        with _writers_waiting(files):
            for file in files:
                _copy_database(file, copies / file.name)
        partial = archive.with_name(archive.name + ".part")
        with tarfile.open(partial, "w:gz") as tar:
            tar.add(copies, "databases")
            for name in BESIDE_DATABASES:
                if (settings.data / name).exists():
                    tar.add(settings.data / name, name)
        partial.chmod(0o600)
        partial.replace(archive)


def restore(settings: StandaloneSettings, archive: Path) -> None:
    """Fill an empty data folder from a backup.

    Raises:
        CannotRestore: the folder holds data already, or the archive is no backup.
    """
    if (settings.data / "databases").exists() and any((settings.data / "databases").iterdir()):
        raise CannotRestore(f"{settings.data} holds data already; name an empty folder in NETZRAUM_DATA")
    settings.data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.data) as scratch:
        try:
            with tarfile.open(archive, "r:gz") as tar:
                tar.extractall(scratch, filter="data")
        except (tarfile.TarError, OSError) as error:
            raise CannotRestore(f"{archive} cannot be read: {error}") from error
        if not list(Path(scratch).glob("databases/*.db")):
            raise CannotRestore(f"{archive} is no backup of Netzraum")
        for item in Path(scratch).iterdir():
            target = settings.data / item.name
            if target.exists():
                shutil.rmtree(target)
            item.rename(target)


@contextmanager
def _writers_waiting(files: list[Path]) -> Iterator[None]:
    """Hold the write lock of every database, so that all copies show one moment."""
    with ExitStack() as locks:
        for file in files:
            connection = sqlite3.connect(file, timeout=WAIT_S, isolation_level=None)
            locks.callback(connection.close)
            connection.execute("BEGIN IMMEDIATE")
        yield


def _copy_database(source: Path, target: Path) -> None:
    with sqlite3.connect(source) as reader, sqlite3.connect(target) as writer:
        reader.backup(writer)
    reader.close()
    writer.close()
