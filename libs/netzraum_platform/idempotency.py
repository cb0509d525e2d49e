"""``Idempotency-Key``: a creating request that is repeated creates nothing anew."""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import UploadFile

from netzraum_platform.context import LoggedIn, RequestContext, digest
from netzraum_platform.database import utc_now
from netzraum_platform.errors import DomainError
from netzraum_platform.tables import IdempotencyRow

KEEP = timedelta(hours=24)
PART = 1 << 20
"""Octets of an upload that are read at once."""
View = TypeVar("View")


class KeyReused(DomainError):
    status, code = 422, "idempotency_key_reused"
    de = "Dieser Idempotency-Key gehört zu einer anderen Anfrage."
    en = "This Idempotency-Key belongs to another request."


class Once:
    """The key that a creating request came with, or none."""

    def __init__(self, context: RequestContext, key: str | None, request_digest: str) -> None:
        self._context = context
        self._key = key
        self._digest = request_digest

    async def run(
        self,
        create: Callable[[], Awaitable[View]],
        again: Callable[[str], Awaitable[View]],
        item_of: Callable[[View], object],
    ) -> View:
        """Create, or for a repeat answer what reading the item (``again``) answers now.

        Of two at the same time one creates; the other one's work is undone, and it answers as a repeat.

        Raises:
            KeyReused: the key came before with another body.
        """
        if self._key is None:
            return await create()
        known = await self._known(self._key)
        if known is not None:
            return await again(known)
        try:
            created = await create()
            await self._remember(self._key, str(item_of(created)))
        except (DomainError, IntegrityError):
            await self._context.rollback()
            known = await self._known(self._key)
            if known is None:
                raise
            return await again(known)
        return created

    async def _known(self, key: str) -> str | None:
        """The item that this key made within the last 24 hours."""
        columns = select(IdempotencyRow.digest, IdempotencyRow.item).where(
            IdempotencyRow.caller == self._context.principal.account,
            IdempotencyRow.key == key,
            IdempotencyRow.created_at > self._context.now - KEEP,
        )
        row = (await self._context.db.execute(columns)).one_or_none()
        if row is not None and row.digest != self._digest:
            raise KeyReused
        return row.item if row is not None else None

    async def _remember(self, key: str, item: str) -> None:
        """
        Raises:
            IntegrityError: the same request was faster in another transaction.
        """
        await self._context.begin_write()
        owner = {"caller": self._context.principal.account, "key": key}
        old = (IdempotencyRow.caller == owner["caller"]) & (IdempotencyRow.key == key)
        await self._context.db.execute(
            delete(IdempotencyRow).where(old, IdempotencyRow.created_at <= self._context.now - KEEP)
        )
        made = {"digest": self._digest, "item": item, "created_at": self._context.now}
        await self._context.db.execute(insert(IdempotencyRow).values(**owner, **made))


async def _once(
    context: LoggedIn,
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> Once:
    path = context.request.url.path.encode()
    return Once(context, idempotency_key, digest(path + b"\0" + await _sent(context.request)))


async def _sent(request: Request) -> bytes:
    """What tells one request from another: the body; of a form its fields and files, as what a client writes between
    them differs each time."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.body()
    return repr([await _field(name, value) for name, value in (await request.form()).multi_items()]).encode()


async def _field(name: str, value: UploadFile | str) -> tuple[str | None, ...]:
    if isinstance(value, str):
        return name, value
    content = hashlib.sha256()
    while part := await value.read(PART):
        content.update(part)
    await value.seek(0)  # the route reads it too
    return name, value.filename, value.content_type, content.hexdigest()


CreateOnce = Annotated[Once, Depends(_once, scope="function")]


async def forget_keys(session: AsyncSession) -> None:
    """Drop keys that are older than 24 hours."""
    await session.execute(delete(IdempotencyRow).where(IdempotencyRow.created_at < utc_now() - KEEP))
