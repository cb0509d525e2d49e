"""``GET …/{id}/access``: who can see an item, in the API."""

import uuid
from collections import Counter
from collections.abc import Sequence
from typing import Any

from netzraum_items.audience import Audience, Sight, audience
from netzraum_items.authorize import Resource, account_of
from netzraum_items.on_item import OnItem
from netzraum_items.schemas import AudienceView, AuthorView, RoleSightView, RuleView, SightView


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
    told = [sight for sight in found.sights if named or sight.member.who.account == own]
    return _view(on, found, [sight for sight in told if account in (None, sight.member.who.account)], named=named)


async def how_i_see(on: OnItem[Any]) -> AudienceView:
    """What ``who_sees`` says of the caller, for whom it is decided already that they may see who sees the item."""
    found, own = await audience(on), account_of(on.context)
    return _view(on, found, [sight for sight in found.sights if sight.member.who.account == own], named=True)


def _view(on: OnItem[Any], found: Audience, told: Sequence[Sight], *, named: bool) -> AudienceView:
    seeing = [sight for sight in found.sights if sight.visible]
    return AudienceView(
        items=[_sight(on, sight) for sight in sorted(told, key=lambda sight: not sight.visible)],
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
