"""The caller's API tokens."""

import uuid

from fastapi import APIRouter

from netzraum_identity.tokens import service
from netzraum_identity.tokens.schemas import NewToken, TokenList, TokenToMake, TokenView
from netzraum_platform.context import LoggedIn

router = APIRouter(prefix="/me/tokens", tags=["me"])


@router.get("")
async def list_tokens(context: LoggedIn) -> TokenList:
    return TokenList(items=[TokenView.of(token) for token in await service.all_of(context)])


@router.post("", status_code=201)
async def make_token(body: TokenToMake, context: LoggedIn) -> NewToken:
    token, secret = await service.make(context, body)
    return NewToken(**TokenView.of(token).model_dump(), secret=secret)


@router.delete("/{token_id}", status_code=204)
async def revoke_token(token_id: uuid.UUID, context: LoggedIn) -> None:
    await service.revoke(context, token_id)
