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

PARTS_OF_THE_PLATFORM = {
    "identity": Label(msg("Accounts, institutions and mails")),
    "spaces": Label(msg("Spaces, memberships and roles")),
    "content": Label(msg("Notices and wiki")),
    "calendar": Label(msg("Calendar")),
    "polls": Label(msg("Polls")),
}

NEEDED_BY_A_PART = {
    "database": msg("Database does not answer"),
    "policy": msg("Policy does not answer"),
}
