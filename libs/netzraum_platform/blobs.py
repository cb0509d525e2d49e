"""The port for large bytes: a folder, or an S3-compatible object store; both by obstore."""

from collections.abc import AsyncIterator
from typing import Protocol

import obstore
from obstore.exceptions import NotFoundError
from obstore.store import from_url

from netzraum_platform.errors import NotFound


class Blobs(Protocol):
    """Bytes by key; a key is written once and never changed."""

    async def put(self, key: str, content: bytes | AsyncIterator[bytes]) -> None: ...

    async def get(self, key: str) -> bytes: ...

    async def delete(self, key: str) -> None: ...


class ObjectStoreBlobs:
    """``file:///folder`` or ``s3://bucket/prefix`` (endpoint and credentials from the AWS_ variables)."""

    def __init__(self, url: str) -> None:
        self._store = from_url(url, mkdir=True) if url.startswith("file:") else from_url(url)

    async def put(self, key: str, content: bytes | AsyncIterator[bytes]) -> None:
        await obstore.put_async(self._store, key, content)

    async def get(self, key: str) -> bytes:
        """
        Raises:
            NotFound: there is no such key.
        """
        try:
            return bytes(await (await obstore.get_async(self._store, key)).bytes_async())
        except (NotFoundError, FileNotFoundError) as error:
            raise NotFound from error

    async def delete(self, key: str) -> None:
        try:
            await obstore.delete_async(self._store, key)
        except (NotFoundError, FileNotFoundError):
            return
