"""Institutions: registering, the operator's decisions, partners."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query

from netzraum_contracts.identity import InstitutionState
from netzraum_identity.fields import OptionalLine
from netzraum_identity.institutions import registration, service
from netzraum_identity.institutions.models import Institution
from netzraum_identity.institutions.schemas import (
    Confirmed,
    InstitutionName,
    InstitutionView,
    NameList,
    PartnerToCreate,
    Refusal,
    Registration,
)
from netzraum_platform.context import AnyRequest, LoggedIn
from netzraum_platform.idempotency import CreateOnce
from netzraum_platform.paging import DEFAULT_LIMIT, Limit, Page

router = APIRouter(prefix="/institutions", tags=["institutions"])


@router.post("", status_code=202)
async def register(body: Registration, context: AnyRequest) -> None:
    """Apply; the registrant confirms the address by mail. Known addresses are answered alike."""
    await registration.apply(context, body)


@router.post("/confirm/{token}")
async def confirm(token: str, context: AnyRequest) -> Confirmed:
    institution = await registration.confirm(context, token)
    return Confirmed(id=institution.id, name=institution.name, state=institution.state)


@router.get("")
async def list_institutions(
    context: LoggedIn,
    state: InstitutionState | None = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: str | None = None,
) -> Page[InstitutionView]:
    return await service.listed(context, state, limit, cursor)


@router.get("/names")
async def list_names(
    context: LoggedIn, space: uuid.UUID | None = None, q: Annotated[OptionalLine, Query()] = ""
) -> NameList:
    """Institutions to choose from when somebody is taken in (``space``)."""
    found = await service.names(context, space, q)
    return NameList(items=[InstitutionName.of(institution) for institution in found])


@router.post("/partners", status_code=201)
async def create_partner(body: PartnerToCreate, context: LoggedIn, once: CreateOnce) -> InstitutionName:
    async def create() -> InstitutionName:
        return InstitutionName.of(await service.create_partner(context, body))

    async def again(institution_id: str) -> InstitutionName:
        return InstitutionName.of(await context.db.get_one(Institution, uuid.UUID(institution_id)))

    return await once.run(create, again, lambda view: view.id)


@router.post("/{institution_id}/approve")
async def approve(institution_id: uuid.UUID, context: LoggedIn) -> InstitutionView:
    return await service.approve(context, institution_id)


@router.post("/{institution_id}/reject")
async def reject(institution_id: uuid.UUID, body: Refusal, context: LoggedIn) -> InstitutionView:
    return await service.reject(context, institution_id, body.reason)


@router.post("/{institution_id}/suspend")
async def suspend(institution_id: uuid.UUID, body: Refusal, context: LoggedIn) -> InstitutionView:
    return await service.suspend(context, institution_id, body.reason)
