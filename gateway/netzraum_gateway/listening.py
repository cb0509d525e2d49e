"""What the gateway hears: sessions that change or end, who may be where, and what is new. It publishes nothing."""

import importlib
import pkgutil
import uuid
from collections.abc import Callable
from typing import Any

import netzraum_contracts
from netzraum_contracts.content import WikiEditingChanged
from netzraum_contracts.identity import AccountChanged, SessionChanged, SessionEnded
from netzraum_contracts.items import ItemChanged
from netzraum_contracts.spaces import AccessEvent, Heartbeat, MembershipChanged, RoleChanged, SpaceChanged
from netzraum_gateway.doors import Doors
from netzraum_gateway.frames import Frames
from netzraum_gateway.live import Live
from netzraum_gateway.sessions import Sessions
from netzraum_gateway.versions import AccessVersions
from netzraum_platform.bus import Bus, Subscription, Unsubscribe
from netzraum_platform.events import Envelope, EventData

Heard = Callable[[Envelope, Any], None]  # Any: the table pairs each event with its own handler


class Listening:
    """Subscribes in this process alone: each replica hears all."""

    def __init__(
        self, bus: Bus, sessions: Sessions, doors: Doors, frames: Frames, live: Live, versions: AccessVersions
    ) -> None:
        self._bus = bus
        self._sessions = sessions
        self._doors = doors
        self._frames = frames
        self._live = live
        self._versions = versions
        self._stop: Unsubscribe | None = None
        heard: dict[type[EventData], Heard] = {
            SessionChanged: self._on_session_changed,
            SessionEnded: self._on_session_ended,
            AccountChanged: self._on_account_changed,
            MembershipChanged: self._on_membership_changed,
            SpaceChanged: self._on_space_changed,
            RoleChanged: self._on_rights_changed,
            Heartbeat: self._on_heartbeat,
            WikiEditingChanged: self._on_editing_changed,
            **dict.fromkeys(item_events(), self._on_item),
        }
        self._handlers = {event.TYPE: (event, handler) for event, handler in heard.items()}

    async def start(self) -> None:
        queue = f"gateway.live.{uuid.uuid4().hex}"
        subscription = Subscription(queue, tuple(self._handlers), transient=True)
        self._stop = await self._bus.subscribe(subscription, self._deliver)

    async def stop(self) -> None:
        if self._stop is not None:
            await self._stop()

    async def _deliver(self, envelope: Envelope) -> None:
        event, handler = self._handlers[envelope.type]
        handler(envelope, event.model_validate(envelope.data))

    def _on_session_changed(self, _envelope: Envelope, event: SessionChanged) -> None:
        self._sessions.renew(event.session)
        self._frames.forget(event.session)

    def _on_session_ended(self, _envelope: Envelope, event: SessionEnded) -> None:
        self._doors.end(event.session)
        self._frames.forget(event.session)
        self._live.end(event.session)

    def _on_account_changed(self, _envelope: Envelope, event: AccountChanged) -> None:
        self._sessions.renew_account(str(event.account))
        self._frames.forget_account(str(event.account))

    def _on_membership_changed(self, envelope: Envelope, event: MembershipChanged) -> None:
        self._on_access(envelope, event)
        self._frames.forget_account(str(event.membership.account))
        self._live.account_changed(event.membership.account)
        self._live.rights_changed(event.space, event.membership.account)

    def _on_space_changed(self, envelope: Envelope, event: SpaceChanged) -> None:
        self._on_rights_changed(envelope, event)
        self._frames.forget_all()

    def _on_rights_changed(self, envelope: Envelope, event: AccessEvent) -> None:
        self._on_access(envelope, event)
        self._live.rights_changed(event.space)

    def _on_access(self, _envelope: Envelope, event: AccessEvent) -> None:
        self._versions.learn(event.space, event.access_version)

    def _on_heartbeat(self, _envelope: Envelope, event: Heartbeat) -> None:
        for space, version in event.versions.items():
            self._versions.learn(space, version)

    def _on_item(self, envelope: Envelope, event: ItemChanged) -> None:
        if envelope.spaceid is not None:
            self._frames.something_new(envelope.spaceid)
            self._live.tell(envelope.spaceid, event.tool, event.at)
            self._live.touch(event.item)

    def _on_editing_changed(self, envelope: Envelope, event: WikiEditingChanged) -> None:
        self._live.touch(event.item, but=envelope.actor)


def item_events() -> list[type[ItemChanged]]:
    """The events of all kinds of items, in whichever contract they stand."""
    for module in pkgutil.iter_modules(netzraum_contracts.__path__):
        importlib.import_module(f"{netzraum_contracts.__name__}.{module.name}")
    return ItemChanged.__subclasses__()
