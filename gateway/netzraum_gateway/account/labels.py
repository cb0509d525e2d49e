"""What the pages of one's own account call things."""

from netzraum_gateway.labels import Label, msg

SCOPES = {
    "read": Label(msg("Read"), hint=msg("Open and search what you may see")),
    "write": Label(msg("Write"), hint=msg("Create and change as you may")),
    "feed": Label(msg("Feeds"), hint=msg("Read feeds and subscribe to calendars")),
    "dav": Label(msg("Files by DAV"), hint=msg("Open the file store as a drive")),
}

MAIL_RHYTHMS = {
    "each": Label(msg("At once"), hint=msg("Within minutes; what comes together is one mail")),
    "daily": Label(msg("Once a day"), hint=msg("Gathered, in the morning")),
    "weekly": Label(msg("Once a week"), hint=msg("Gathered, on Monday")),
    "never": Label(msg("Never"), hint=msg("Only mails about your account")),
}

FIELDS = {
    "code": msg("Code"),
    "language": msg("Language"),
    "timezone": msg("Time zone"),
    "mail": msg("Mails about what is new"),
    "scopes": msg("What it may do"),
    "expires_at": msg("Valid until"),
}
