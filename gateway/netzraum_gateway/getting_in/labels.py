"""What the forms before logging in call their fields."""

from netzraum_gateway.labels import msg

FIELDS = {
    "town": msg("Town"),
    "kind": msg("Kind of institution"),
    "registrant.name": msg("Your name"),
    "registrant.email": msg("Your e-mail address at work"),
    "registrant.password": msg("Password"),
}
