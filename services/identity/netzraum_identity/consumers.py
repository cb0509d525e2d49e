"""The events that identity hears: who may be where (for the policy's questions), and what is worth a mail."""

from netzraum_contracts.spaces import MembershipChanged
from netzraum_identity.mails.memberships import on_membership_changed
from netzraum_platform.inbox import Handlers

HANDLERS: Handlers = {MembershipChanged: on_membership_changed}
