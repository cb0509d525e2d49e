"""What the pages on members and roles call things."""

from netzraum_gateway.labels import TOOLS, Label, msg

ROLES = {
    "coordinator": Label(msg("Coordinator"), hint=msg("Manages everything, members and roles included")),
    "moderator": Label(msg("Moderator"), hint=msg("Manages what the tools hold")),
    "member": Label(msg("Member"), hint=msg("Contributes; reads the notice board and the records")),
    "guest": Label(msg("Guest"), hint=msg("Reads what is internal or public")),
    "auditor": Label(msg("Auditor"), hint=msg("Reads the audit and the policy, no content")),
}

MEMBERSHIP_STATES = {
    "invited": Label(msg("Invitation open"), icon="mail"),
    "active": Label(msg("Active"), icon="task_alt"),
    "ended": Label(msg("Ended"), icon="block"),
}

FIELDS = {
    "clearance": msg("Clearance"),
    "role": msg("Role"),
    "function": msg("Function"),
    "until": msg("Membership ends on"),
    **{f"level.{name}": tool.label for name, tool in TOOLS.items()},
}
