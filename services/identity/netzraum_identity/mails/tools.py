"""How the tools are called in mails."""

NAMES = {
    "notices": {"de": "Schwarzes Brett", "en": "Notice board"},
    "calendar": {"de": "Kalender", "en": "Calendar"},
    "wiki": {"de": "Wiki", "en": "Wiki"},
    "polls": {"de": "Umfragen", "en": "Polls"},
}
