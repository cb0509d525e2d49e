"""What a poll refuses, in words."""

from netzraum_platform.errors import Conflict, DomainError, TooMany


class NotOpen(Conflict):
    code = "not_open"
    de = "Diese Umfrage ist noch nicht eröffnet."
    en = "This poll is not open yet."


class Closed(Conflict):
    code = "closed"
    de = "Diese Umfrage ist geschlossen. Es wird keine Stimme mehr angenommen."
    en = "This poll is closed. No more ballots are taken."


class NotClosed(Conflict):
    code = "not_closed"
    de = "Das geht erst, wenn die Umfrage geschlossen ist."
    en = "This is possible once the poll is closed."


class Opened(Conflict):
    code = "poll_opened"
    de = "Die Umfrage ist schon eröffnet: Fragen und Regeln bleiben, wie sie den Abstimmenden gesagt wurden."
    en = "The poll has been opened: questions and rules stay as voters were told."


class Void(Conflict):
    code = "void"
    de = "Diese Umfrage ist ungültig: Der Schlüssel zu ihren Stimmzetteln ist nicht mehr da."
    en = "This poll is void: the key to its ballots is gone."


class AlreadyVoted(Conflict):
    code = "already_voted"
    de = "Die Stimme ist abgegeben und kann in dieser Umfrage nicht geändert werden."
    en = "The ballot has been cast and cannot be changed in this poll."


class NotEntitled(DomainError):
    status, code = 403, "not_entitled"
    de = "Sie gehören nicht zu denen, die in dieser Umfrage abstimmen."
    en = "You are not among those who vote in this poll."


class BallotIsSecret(Conflict):
    code = "secret"
    de = "Die Umfrage ist geheim: Niemand kann einen Stimmzettel lesen, auch nicht den eigenen."
    en = "The poll is secret: nobody can read a ballot, not even the own one."


class BallotNotTaken(DomainError):
    """Something of ours failed with a ballot in hand. Nothing of the ballot is in this error, nor in its cause."""

    status, code = 500, "ballot_not_taken"
    de = "Ihre Stimme wurde nicht angenommen. Der Fehler liegt bei uns; bitte versuchen Sie es noch einmal."
    en = "Your ballot was not taken. The mistake is ours; please try again."


class ResultsHidden(DomainError):
    """Carries the reasons why the results are not (yet) to be seen."""

    status, code = 403, "results_hidden"
    de = "Das Ergebnis ist (noch) nicht zu sehen."
    en = "The results are not to be seen (yet)."

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(extra={"reasons": reasons})


class RemindedAlready(TooMany):
    code = "reminded_already"
    de = "Heute wurde schon erinnert. Morgen geht es wieder."
    en = "A reminder was sent today. Tomorrow it is possible again."


class NobodyToRemind(Conflict):
    code = "nobody_to_remind"
    de = "Alle haben abgestimmt."
    en = "Everybody has voted."
