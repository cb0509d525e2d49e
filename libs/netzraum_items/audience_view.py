"""``GET …/{id}/access``: who can see an item, in the API."""

import uuid
from collections import Counter
from typing import Any

from pydantic import BaseModel

from netzraum_items.audience import Audience, Sight, audience
from netzraum_items.authorize import Resource, account_of
from netzraum_items.on_item import OnItem
from netzraum_items.schemas import AuthorView, Classification


class SightView(BaseModel):
    """One member. ``reasons``: why the item is not visible."""

    account: AuthorView
    role: str
    function: str | None
    is_author: bool
    visible: bool
    actions: list[str]
    reasons: list[str]


class RoleSightView(BaseModel):
    """A role that somebody has: its effective level for the tool and its clearance say why it sees the item or not."""

    role: str
    members: int
    visible: bool
    level: str
    clearance: str
    reasons: list[str]


class RuleView(BaseModel):
    """What decides: the classification, the roles that the item names, the second factor."""

    classification: Classification
    roles: list[str]
    second_factor_needed: bool


class AudienceView(BaseModel):
    """``people`` and ``institutions`` count those who see it, whatever ``?account=`` chooses.

    Who may not read the members of the space gets counts and roles, and no names but the own one: ``named`` is false.
    """

    items: list[SightView]
    named: bool
    next: None = None
    people: int
    institutions: int
    roles: list[RoleSightView]
    rule: RuleView


async def who_sees(on: OnItem[Any], account: uuid.UUID | None = None) -> AudienceView:
    """All members with what they may, those who see the item first; ``account`` chooses one.

    Whoever asks about others is looked up in the list of members too: one question more.

    Raises:
        NotFound, Forbidden: the caller may not see who sees the item.
    """
    await on.may("read_access")
    own = account_of(on.context)
    named = account == own or (await on.ask("spaces.membership.read", Resource("membership"))).allow
    found = await audience(on)
    seeing = [sight for sight in found.sights if sight.visible]
    ordered = seeing + [sight for sight in found.sights if not sight.visible]
    return AudienceView(
        items=[
            _sight(on, sight)
            for sight in ordered
            if account in (None, sight.member.who.account) and (named or sight.member.who.account == own)
        ],
        named=named,
        people=len(seeing),
        institutions=len({sight.member.institution_id for sight in seeing}),
        roles=_roles(found),
        rule=RuleView(
            classification=on.item.classification,
            roles=on.roles,
            second_factor_needed=found.second_factor_needed,
        ),
    )


def _sight(on: OnItem[Any], sight: Sight) -> SightView:
    member = sight.member
    return SightView(
        account=AuthorView(**vars(member.who)),
        role=member.role.name,
        function=member.membership.function,
        is_author=on.item.is_of(member.who.account),
        visible=sight.visible,
        actions=sight.actions,
        reasons=sight.reasons,
    )


def _roles(found: Audience) -> list[RoleSightView]:
    held = Counter(sight.member.role.name for sight in found.sights)
    names = ("visible", "level", "clearance", "reasons")
    return [
        RoleSightView(role=role, members=held[role], **{name: entry[name] for name in names})
        for role, entry in found.by_role.items()
    ]
