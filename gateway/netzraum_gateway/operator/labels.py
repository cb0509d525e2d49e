"""What the operator's pages call things."""

from netzraum_gateway.labels import Label, msg

INSTITUTION_STATES = {
    "pending": Label(msg("Waiting for approval"), icon="schedule"),
    "approved": Label(msg("Approved"), icon="task_alt"),
    "rejected": Label(msg("Rejected"), icon="block"),
    "suspended": Label(msg("Suspended"), icon="block"),
}

ACCOUNT_STATES = {
    "invited": Label(msg("Invited"), icon="mail"),
    "active": Label(msg("Active"), icon="task_alt"),
    "suspended": Label(msg("Suspended"), icon="block"),
}
