"""The words in exported files; the page has its own."""

from collections.abc import Mapping

_WORDS: Mapping[str, tuple[str, str]] = {
    "poll": ("Umfrage", "Poll"),
    "results": ("Ergebnis", "Results"),
    "ballots": ("Stimmzettel", "Ballots"),
    "closed_at": ("Geschlossen", "Closed"),
    "voted": ("Abgestimmt", "Voted"),
    "entitled": ("Stimmberechtigt", "Entitled"),
    "too_few": (
        "Weniger als fünf geheime Stimmen: Das Ergebnis wird nicht gezeigt und nicht aufbewahrt.",
        "Fewer than five secret ballots: the results are neither shown nor kept.",
    ),
    "question": ("Frage", "Question"),
    "kind": ("Art", "Kind"),
    "option": ("Möglichkeit", "Option"),
    "count": ("Anzahl", "Count"),
    "share": ("Anteil", "Share"),
    "score": ("Wert", "Score"),
    "name": ("Name", "Name"),
    "institution": ("Institution", "Institution"),
    "single": ("Einfachauswahl", "Single choice"),
    "multiple": ("Mehrfachauswahl", "Multiple choice"),
    "rating": ("Bewertung", "Rating"),
    "weighting": ("Gewichtung", "Weighting"),
    "ranking": ("Rangfolge (Borda)", "Ranking (Borda)"),
    "schulze": ("Rangfolge (Schulze)", "Ranking (Schulze)"),
    "motion": ("Antrag", "Motion"),
    "text": ("Freitext", "Free text"),
    "yes": ("Ja", "Yes"),
    "no": ("Nein", "No"),
    "abstain": ("Enthaltung", "Abstention"),
    "accepted": ("angenommen", "accepted"),
    "rejected": ("abgelehnt", "rejected"),
    "no_quorum": ("nicht beschlussfähig", "no quorum"),
}


def words(language: str) -> dict[str, str]:
    return {name: texts[0 if language == "de" else 1] for name, texts in _WORDS.items()}
