"""What the broker holds from its first second: exchanges, users, and who may do what.

One user per service, so that nobody speaks for another: a service declares and reads queues named `<service>.…` only,
and publishes events whose type begins with its own name only. The broker vouches for the user of each message.
"""

import base64
import hashlib
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

VHOST = "netzraum"
EVENTS = "netzraum.events"
UNROUTED = "netzraum.unrouted"  # events that no queue wants
DEAD = "netzraum.dead"  # messages that are no event of ours
ADMIN = "netzraum"
PUBLISHERS = ("identity", "spaces", "content", "calendar", "polls")
LISTENERS = ("gateway",)
SERVICES = (*PUBLISHERS, *LISTENERS)
UNROUTED_KEPT = 100_000

Definitions = dict[str, Any]


def broker(passwords: Mapping[str, str]) -> Definitions:
    """The whole of a broker; `passwords` has one for each of SERVICES and for ADMIN."""
    return {**users(passwords), "vhosts": [{"name": VHOST}], **contents(VHOST)}


def users(passwords: Mapping[str, str]) -> Definitions:
    return {
        "users": [
            {
                "name": user,
                "password_hash": hash_password(password),
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": "administrator" if user == ADMIN else "",
            }
            for user, password in passwords.items()
        ]
    }


def contents(vhost: str) -> Definitions:
    """What each virtual host holds."""
    return {
        "permissions": [{"vhost": vhost, **rights} for rights in _permissions()],
        "topic_permissions": [
            {"vhost": vhost, "user": service, "exchange": EVENTS, "write": rf"^{service}\.", "read": ".*"}
            for service in PUBLISHERS
        ],
        "exchanges": [
            _exchange(vhost, EVENTS, "topic", {"alternate-exchange": UNROUTED}),
            _exchange(vhost, UNROUTED, "fanout", {}),
            _exchange(vhost, DEAD, "fanout", {}),
        ],
        "queues": [
            _queue(vhost, UNROUTED, {"x-max-length": UNROUTED_KEPT}),
            _queue(vhost, DEAD, {}),
        ],
        "bindings": [
            {
                "vhost": vhost,
                "source": name,
                "destination": name,
                "destination_type": "queue",
                "routing_key": "",
                "arguments": {},
            }
            for name in (UNROUTED, DEAD)
        ],
    }


def hash_password(password: str) -> str:
    """As the broker stores it: base64(salt + sha256(salt + password)), with 4 bytes of salt."""
    salt = secrets.token_bytes(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode("ascii")


def _permissions() -> Iterable[dict[str, str]]:
    yield {"user": ADMIN, "configure": ".*", "write": ".*", "read": ".*"}
    for service in SERVICES:
        own = rf"{service}\..*"
        # A queue's owner needs the right to write to the exchange that takes its dead letters.
        writes = [own, r"netzraum\.dead", *([r"netzraum\.events"] if service in PUBLISHERS else [])]
        yield {
            "user": service,
            "configure": f"^{own}$",
            "write": f"^({'|'.join(writes)})$",
            "read": rf"^({own}|netzraum\.events)$",
        }


def _exchange(vhost: str, name: str, kind: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return {
        "vhost": vhost,
        "name": name,
        "type": kind,
        "durable": True,
        "auto_delete": False,
        "internal": False,
        "arguments": arguments,
    }


def _queue(vhost: str, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return {
        "vhost": vhost,
        "name": name,
        "durable": True,
        "auto_delete": False,
        "arguments": {"x-queue-type": "quorum", **arguments},
    }
