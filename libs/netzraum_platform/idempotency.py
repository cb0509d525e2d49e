"""``Idempotency-Key``: a creating request that is repeated creates nothing anew."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, TypeVar

from fastapi import Depends, Header
from sqlalchemy import delete

from netzraum_platform.context import LoggedIn, RequestContext, WorkContext, digest
from netzraum_platform.errors import DomainError
from netzraum_platform.tables import IdempotencyRow

KEEP = timedelta(hours=24)
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

        Raises:
            KeyReused: the key came before with another body.
        """
        if self._key is None:
            return await create()
        caller = self._context.principal.account
        known = await self._context.db.get(IdempotencyRow, (caller, self._key))
        if known is not None and known.created_at > self._context.now - KEEP:
            if known.digest != self._digest:
                raise KeyReused
            return await again(known.item)
        created = await create()
        await self._context.db.merge(
            IdempotencyRow(
                caller=caller,
                key=self._key,
                digest=self._digest,
                item=str(item_of(created)),
                created_at=self._context.now,
            )
        )
        return created


async def _once(
    context: LoggedIn,
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> Once:
    body = await context.request.body()
    path = context.request.url.path.encode()
    return Once(context, idempotency_key, digest(path + b"\0" + body))


CreateOnce = Annotated[Once, Depends(_once, scope="function")]


async def forget_keys(context: WorkContext) -> None:
    """Drop keys that are older than 24 hours."""
    await context.db.execute(delete(IdempotencyRow).where(IdempotencyRow.created_at < context.now - KEEP))
