"""The private keys of secret polls: one file each, in a folder outside the database and its backups."""

import os
import secrets
import uuid
from pathlib import Path
from typing import Final

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey

from netzraum_platform.context import App

KEY_MISSING: Final = "key_missing"
KEY_DOES_NOT_FIT: Final = "key_does_not_fit"


class SecretKeys:
    """The key folder. A key is there from the opening of its poll to its close, and then never again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _file(self, poll: uuid.UUID) -> Path:
        return self._folder / f"{poll}.key"

    def holds(self, poll: uuid.UUID) -> bool:
        return self._file(poll).exists()

    def keep(self, poll: uuid.UUID, key: PrivateKey) -> None:
        """Write a key, on disk when this returns; one that is there already belonged to an opening that failed."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = self._file(poll).with_suffix(".part")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(bytes(key))
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(self._file(poll))
        self._sync_folder()

    def private_key(self, poll: uuid.UUID, public_key: str) -> PrivateKey | None:
        """The key that belongs to this public key; None where there is none, or another one."""
        try:
            key = PrivateKey(self._file(poll).read_bytes())
        except (FileNotFoundError, CryptoError, ValueError):
            return None
        return key if bytes(key.public_key).hex() == public_key else None

    def fault(self, poll: uuid.UUID, public_key: str) -> str | None:
        """Why ballots that are sealed with this public key cannot be counted; None where they can."""
        if self.private_key(poll, public_key) is not None:
            return None
        return KEY_DOES_NOT_FIT if self.holds(poll) else KEY_MISSING

    def destroy(self, poll: uuid.UUID) -> None:
        """Overwrite a key and remove its file, where there is one."""
        file = self._file(poll)
        try:
            with file.open("r+b") as stream:
                stream.write(secrets.token_bytes(file.stat().st_size))
                stream.flush()
                os.fsync(stream.fileno())
            file.unlink()
        except FileNotFoundError:
            return
        self._sync_folder()

    def all(self) -> list[uuid.UUID]:
        """The polls that have a key."""
        return [uuid.UUID(file.stem) for file in self._folder.glob("*.key")]

    def _sync_folder(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def keys_of(app: App) -> SecretKeys:
    if app.keys_folder is None:
        raise RuntimeError("NETZRAUM_KEYS_FOLDER is not set")
    return SecretKeys(app.keys_folder)
