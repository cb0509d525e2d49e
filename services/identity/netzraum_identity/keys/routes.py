"""The public keys, for all who verify access tokens."""

from typing import Any

from fastapi import APIRouter

from netzraum_identity.keys import service
from netzraum_platform.internal import InternalRequest

internal = APIRouter(tags=["keys"])


@internal.get("/keys")
async def read_keys(context: InternalRequest) -> dict[str, Any]:
    return await service.public_keys(context.db)
