"""Field errors in German and English, by pydantic's error types."""

from collections.abc import Sequence
from typing import Any

TEXTS: dict[str, tuple[str, str]] = {
    "missing": ("Diese Angabe fehlt.", "This is required."),
    "extra_forbidden": (
        "Dieses Feld gibt es hier nicht.",
        "There is no such field here.",
    ),
    "string_too_short": (
        "Mindestens {min_length} Zeichen.",
        "At least {min_length} characters.",
    ),
    "string_empty": ("Bitte ausfüllen.", "Please fill in."),
    "string_too_long": (
        "Höchstens {max_length} Zeichen.",
        "At most {max_length} characters.",
    ),
    "string_type": ("Hier gehört ein Text hin.", "This must be a text."),
    "bool_parsing": ("Hier gehört ja oder nein hin.", "This must be true or false."),
    "bool_type": ("Hier gehört ja oder nein hin.", "This must be true or false."),
    "int_parsing": ("Hier gehört eine ganze Zahl hin.", "This must be a whole number."),
    "int_type": ("Hier gehört eine ganze Zahl hin.", "This must be a whole number."),
    "uuid_parsing": ("Das ist keine gültige Kennung.", "This is no valid id."),
    "datetime_from_date_parsing": (
        "Das ist kein gültiger Zeitpunkt. Bitte Tag und Uhrzeit angeben.",
        "This is no valid time. Please give a day and a time of day.",
    ),
    "datetime_parsing": (
        "Das ist kein gültiger Zeitpunkt. Bitte Tag und Uhrzeit angeben.",
        "This is no valid time. Please give a day and a time of day.",
    ),
    "timezone_aware": (
        "Zum Zeitpunkt gehört eine Zeitzone.",
        "The time needs a time zone.",
    ),
    "date_from_datetime_parsing": (
        "Das ist kein gültiges Datum.",
        "This is no valid date.",
    ),
    "date_parsing": ("Das ist kein gültiges Datum.", "This is no valid date."),
    "literal_error": ("Möglich ist: {expected}.", "Possible is: {expected}."),
    "enum": ("Möglich ist: {expected}.", "Possible is: {expected}."),
    "greater_than_equal": ("Mindestens {ge}.", "At least {ge}."),
    "less_than_equal": ("Höchstens {le}.", "At most {le}."),
    "greater_than": ("Mehr als {gt}.", "More than {gt}."),
    "less_than": ("Weniger als {lt}.", "Less than {lt}."),
    "float_parsing": ("Hier gehört eine Zahl hin.", "This must be a number."),
    "float_type": ("Hier gehört eine Zahl hin.", "This must be a number."),
    "int_from_float": ("Hier gehört eine ganze Zahl hin.", "This must be a whole number."),
    "string_pattern_mismatch": ("Diese Schreibweise ist nicht möglich.", "It cannot be written like this."),
    "string_unicode": ("Dieser Text enthält halbe Zeichen.", "This text contains half characters."),
    "dict_type": ("Hier gehören benannte Angaben hin.", "This must be named entries."),
    "model_attributes_type": ("Hier gehören benannte Angaben hin.", "This must be named entries."),
    "url_parsing": ("Das ist keine gültige Adresse.", "This is no valid address."),
    "url_scheme": ("Die Adresse beginnt mit: {expected_schemes}.", "The address begins with: {expected_schemes}."),
    "unstorable": ("Eine Angabe enthält unzulässige Zeichen.", "An entry contains characters that are not allowed."),
    "list_type": ("Hier gehört eine Liste hin.", "This must be a list."),
    "too_long": ("Höchstens {max_length} Einträge.", "At most {max_length} entries."),
    "too_short": (
        "Mindestens {min_length} Einträge.",
        "At least {min_length} entries.",
    ),
    "json_invalid": ("Das ist kein gültiges JSON.", "This is no valid JSON."),
    "control_characters": (
        "Steuerzeichen sind nicht erlaubt.",
        "Control characters are not allowed.",
    ),
    "not_in_the_future": (
        "Dieser Tag muss in der Zukunft liegen.",
        "This day must be in the future.",
    ),
    "ends_before_it_begins": (
        "Das Ende liegt vor dem Beginn.",
        "The end is before the beginning.",
    ),
    "already_published": (
        "Was veröffentlicht ist, wird nicht wieder zum Entwurf.",
        "What is published does not become a draft again.",
    ),
    "email": (
        "Das ist keine gültige E-Mail-Adresse.",
        "This is no valid e-mail address.",
    ),
    "person": (
        "Hier gehört ein Konto hin, oder E-Mail-Adresse, Name und Institution.",
        "This takes an account, or e-mail address, name and institution.",
    ),
    "role_name": (
        "Der Name einer Rolle braucht einen Buchstaben oder eine Ziffer.",
        "A role's name needs a letter or a digit.",
    ),
    "network_by_approval": (
        "Ein Netzwerkraum entsteht, wenn eine Institution freigeschaltet wird.",
        "A network space comes into being when an institution is approved.",
    ),
    "network_name": (
        "Ein Netzwerkraum heißt wie seine Institution.",
        "A network space is named like its institution.",
    ),
    "unknown_institution": ("Diese Institution gibt es nicht.", "There is no such institution."),
    "unknown_account": ("Dieses Konto gibt es nicht.", "There is no such account."),
    "unknown_base": (
        "Diese Grundlage gibt es nicht.",
        "There is no such base.",
    ),
    "base_stays": (
        "Eine eingebaute Rolle behält ihre Grundlage.",
        "A built-in role keeps its base.",
    ),
    "ceiling_exceeded": ("Höchstens: {ceiling}.", "At most: {ceiling}."),
    "password_too_simple": (
        "Dieses Passwort ist zu leicht zu erraten: nehmen Sie verschiedene Zeichen.",
        "This password is too easy to guess: use different characters.",
    ),
    "wrong_password": ("Das Passwort stimmt nicht.", "The password is wrong."),
    "wrong_code": ("Der Code stimmt nicht oder ist schon verbraucht.", "The code is wrong or already used."),
    "factor_unreadable": (
        "Codes Ihrer App können nicht mehr geprüft werden. Nehmen Sie einen Wiederherstellungscode.",
        "Codes of your app can no longer be checked. Use a recovery code.",
    ),
    "no_archive": (
        "Das ist keine ZIP-Datei, oder sie ist beschädigt.",
        "This is no ZIP file, or it is damaged.",
    ),
    "path": ("Dieser Dateiname ist nicht erlaubt.", "This file name is not allowed."),
    "no_markdown": ("Das ist keine Markdown-Datei (.md).", "This is no Markdown file (.md)."),
    "encrypted": ("Diese Datei ist verschlüsselt.", "This file is encrypted."),
    "file_too_large": ("Diese Datei ist zu groß.", "This file is too large."),
    "no_utf_8": ("Das ist kein Text in UTF-8.", "This is no text in UTF-8."),
    "head": ("Der Kopf der Datei ist nicht lesbar.", "The head of the file cannot be read."),
    "duplicate": ("Diese Seite steht schon in der Datei.", "This page is in the file already."),
    "may_not_create": (
        "Mit Ihrer Rolle können Sie solche Seiten hier nicht anlegen.",
        "With your role you cannot create such pages here.",
    ),
    "may_not_update": (
        "Mit Ihrer Rolle können Sie diese Seite nicht ändern.",
        "With your role you cannot change this page.",
    ),
    "unknown_page": ("Diese Seite gibt es nicht.", "There is no such page."),
    "unknown_revision": ("Diese Fassung gibt es nicht.", "There is no such revision."),
    "only_at_creation": (
        "Das lässt sich beim Speichern des Textes nicht ändern.",
        "This cannot be changed by saving the text.",
    ),
    "below_itself": ("Eine Seite kann nicht unter sich selbst stehen.", "A page cannot stand below itself."),
    "slug": (
        "Eine Adresse braucht einen Buchstaben oder eine Ziffer.",
        "An address needs a letter or a digit.",
    ),
    "time_zone": ("Diese Zeitzone gibt es nicht.", "There is no such time zone."),
    "in_the_past": ("Der Zeitpunkt liegt in der Vergangenheit.", "The time lies in the past."),
    "answered_twice": ("Diese Frage ist zweimal beantwortet.", "This question is answered twice."),
    "choose_between": ("Bitte wählen Sie {min} bis {max}.", "Please choose {min} to {max}."),
    "choose_one": ("Bitte wählen Sie eine der Möglichkeiten.", "Please choose one of the options."),
    "not_for_this_kind": (
        "Diese Angabe passt nicht zu dieser Art von Frage.",
        "This does not fit this kind of question.",
    ),
    "points_each": (
        "Hier gehören ganze Zahlen von {ge} bis {le} hin.",
        "These must be whole numbers from {ge} to {le}.",
    ),
    "points_in_all": (
        "Es sind genau {points} Punkte zu verteilen.",
        "Exactly {points} points are to be spread.",
    ),
    "results_of_secret": (
        "Das Ergebnis einer geheimen Umfrage ist erst nach dem Schließen zu sehen.",
        "The results of a secret poll are seen after the close only.",
    ),
    "same_ids": ("Zwei haben dieselbe Kennung.", "Two have the same id."),
    "same_options": ("Zwei Möglichkeiten sind gleich.", "Two options are the same."),
    "too_few_options": ("Mindestens {least} Möglichkeiten.", "At least {least} options."),
    "unknown_option": ("Diese Möglichkeit gibt es hier nicht.", "There is no such option here."),
    "unknown_question": ("Diese Frage gibt es hier nicht.", "There is no such question here."),
    "wrong_bounds": ("Die Grenzen passen nicht zu den Möglichkeiten.", "The bounds do not fit the options."),
    "wrong_points": ("Möglich sind {ge} bis {le} Punkte.", "Possible are {ge} to {le} points."),
    "too_far": ("Höchstens zehn Jahre im Voraus.", "At most ten years ahead."),
    "too_early": ("Das liegt zu weit in der Vergangenheit.", "That is too long ago."),
    "needs_day": ("Für ganze Tage gehört hier ein Datum hin, ohne Uhrzeit.", "Whole days take a date without a time."),
    "needs_time": ("Hier gehört ein Datum mit Uhrzeit hin.", "This takes a date with a time."),
    "longer_than_a_year": ("Ein Termin dauert höchstens ein Jahr.", "An event lasts a year at most."),
    "window_too_long": ("Höchstens 400 Tage auf einmal.", "At most 400 days at once."),
    "rrule": ("Diese Wiederholung ist nicht lesbar.", "This recurrence cannot be read."),
    "rrule_too_frequent": ("Termine wiederholen sich höchstens täglich.", "Events recur daily at most."),
    "rrule_count_and_until": (
        "Eine Wiederholung endet nach einer Anzahl oder an einem Tag, nicht beides.",
        "A recurrence ends after a number of times or on a day, not both.",
    ),
    "rrule_too_many_positions": (
        "Eine Wiederholung wählt höchstens fünf Positionen aus (BYSETPOS).",
        "A recurrence picks five positions at most (BYSETPOS).",
    ),
    "start_not_in_series": (
        "Der Beginn muss der erste Termin der Wiederholung sein.",
        "The start must be the first date of the recurrence.",
    ),
    "too_many_occurrences": (
        "Diese Wiederholung ergibt mehr als 20.000 Termine.",
        "This recurrence makes more than 20,000 dates.",
    ),
    "not_in_series": ("Diesen Termin gibt es in der Serie nicht.", "The series has no such date."),
    "nothing_left": ("Von der Serie bliebe kein Termin übrig.", "Nothing of the series would be left."),
    "whole_series_only": (
        "Das lässt sich nur für die ganze Serie ändern.",
        "This can be changed for the whole series only.",
    ),
    "attendee": (
        "Eingeladen wird ein Konto, eine Rolle oder ein Raum.",
        "Invited is an account, a role or a space.",
    ),
    "not_a_member": ("Dieses Konto gehört nicht zum Raum.", "This account does not belong to the space."),
    "unknown_role": ("Diese Rolle gibt es hier nicht.", "There is no such role here."),
    "not_your_space": ("In diesem Raum sind Sie nicht Mitglied.", "You are no member of this space."),
    "no_calendar": ("Das ist keine iCalendar-Datei (.ics).", "This is no iCalendar file (.ics)."),
    "too_many_dates_of_a_file": (
        "Die Serien dieser Datei ergeben zusammen zu viele Termine. Bitte teilen Sie die Datei auf.",
        "The series of this file make too many dates in all. Please split the file.",
    ),
    "too_many_events": (
        "Die Datei enthält {number} Termine. Auf einmal gehen höchstens {most}; übernommen ist noch nichts.",
        "The file holds {number} events. At most {most} at once; nothing has been taken over yet.",
    ),
    "unreadable": ("Dieser Eintrag ist nicht lesbar.", "This entry cannot be read."),
    "twice": ("Diese Kennung (UID) kommt mehrmals vor.", "This identifier (UID) comes more than once."),
    "no_series": ("Die Serie zu diesem Termin fehlt in der Datei.", "The series of this date is missing in the file."),
    "may_not_change": ("Diesen Termin dürfen Sie nicht ändern.", "You may not change this event."),
    "web_address": ("Die Adresse beginnt mit http:// oder https://.", "The address begins with http:// or https://."),
}
UNKNOWN = ("Diese Angabe ist ungültig.", "This is not valid.")


def grouped(number: int, language: str) -> str:
    """A large number as people write it: 10.000 in German, 10,000 in English."""
    return f"{number:,}".replace(",", "." if language == "de" else ",")


def message(code: str, language: str, **parameters: object) -> str:
    """The text of one error code; also for errors that a service finds itself."""
    german = language == "de"
    if code == "string_too_short" and parameters.get("min_length") == 1:
        code = "string_empty"
    text = TEXTS.get(code, UNKNOWN)[0 if german else 1]
    if german and isinstance(expected := parameters.get("expected"), str):
        parameters["expected"] = expected.replace(" or ", " oder ")
    try:
        return text.format(**parameters)
    except KeyError:
        return UNKNOWN[0 if german else 1]


def field_error(field: str, code: str, language: str, **parameters: object) -> dict[str, str]:
    """One field's error, as it stands in ``errors`` of a problem document and as forms show it."""
    return {"field": field, "code": code, "message": message(code, language, **parameters)}


def field_errors(errors: Sequence[Any], language: str) -> list[dict[str, str]]:
    """Pydantic's errors as ``{"field", "code", "message"}``, the field without its place (body, query)."""
    return [field_error(_field(error), error["type"], language, **error.get("ctx", {})) for error in errors]


def _field(error: Any) -> str:
    """Malformed JSON has no field: there the location is a position."""
    inner = () if error["type"] == "json_invalid" else error["loc"][1:]
    return ".".join(str(part) for part in inner) or str(error["loc"][0])
