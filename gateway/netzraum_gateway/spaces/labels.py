"""What the pages of a space call things."""

from netzraum_gateway.labels import Label, msg

TEMPLATES = {
    "equal": Label(msg("Equal"), hint=msg("Everyone contributes everywhere, to the notice board too.")),
    "graded": Label(msg("Graded"), hint=msg("Coordinators and moderators publish, members contribute, guests read.")),
    "community": Label(msg("Community"), hint=msg("For members of many networks; moderators take new members in.")),
}
