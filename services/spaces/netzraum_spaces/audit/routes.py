"""The audit over HTTP."""

from fastapi import APIRouter

from netzraum_items.authorize import Room
from netzraum_platform.paging import DEFAULT_LIMIT, Limit, Page
from netzraum_spaces.audit import service
from netzraum_spaces.audit.schemas import AuditEntry

router = APIRouter(prefix="/spaces/{space_id}/audit", tags=["audit"])


@router.get("")
async def read_audit(room: Room, limit: Limit = DEFAULT_LIMIT, cursor: str | None = None) -> Page[AuditEntry]:
    return await service.entries(room, limit, cursor)
