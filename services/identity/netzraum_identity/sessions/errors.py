"""Why somebody is not logged in."""

from netzraum_platform.errors import Conflict, DomainError, TooMany, Unauthenticated


class InvalidCredentials(Unauthenticated):
    code = "invalid_credentials"
    de, en = "E-Mail-Adresse oder Passwort stimmen nicht.", "E-mail address or password is wrong."


class InvalidCode(InvalidCredentials):
    """The password was right, the one-time or recovery code is not."""

    de = "Der Code stimmt nicht oder ist schon verbraucht."
    en = "The code is wrong or already used."


class FactorUnreadable(InvalidCode):
    """The key that seals second factors is lost, so that codes of the app cannot be checked."""

    de = (
        "Codes Ihrer App können nicht mehr geprüft werden. Melden Sie sich mit einem Wiederherstellungscode an und "
        "richten Sie den zweiten Faktor neu ein, oder bitten Sie den Betreiber, ihn zurückzusetzen."
    )
    en = (
        "Codes of your app can no longer be checked. Log in with a recovery code and set up the second factor anew, "
        "or ask the operator to reset it."
    )


class TooManyTries(TooMany):
    """At a password or a code; ``seconds`` until the next one counts."""

    de = "Das waren zu viele Versuche. Der nächste ist in {seconds} Sekunden möglich."
    en = "These were too many tries. The next one is possible in {seconds} seconds."

    def __init__(self, seconds: int) -> None:
        super().__init__(headers={"Retry-After": str(seconds)}, seconds=max(seconds, 2))


class SecondFactorRequired(Unauthenticated):
    code = "second_factor_required"
    de, en = "Bitte geben Sie den Code des zweiten Faktors ein.", "Please enter the code of your second factor."


class NotActive(DomainError):
    """Told only to who knew the password."""

    status, code = 403, "account_not_active"
    de = "Dieses Konto ist noch nicht freigeschaltet. Sie bekommen eine E-Mail, sobald es so weit ist."
    en = "This account is not approved yet. You will get a mail as soon as it is."


class RegistrationRejected(DomainError):
    """Told only to who knew the password."""

    status, code = 403, "registration_rejected"
    de = (
        "Die Registrierung Ihrer Institution wurde abgelehnt. Den Grund nennt die E-Mail, die Sie bekommen haben. "
        "Mit geänderten Angaben können Sie sie noch einmal registrieren."
    )
    en = (
        "The registration of your institution was rejected. The mail that you got says why. "
        "With other details you may register it once more."
    )


class AccountSuspended(DomainError):
    status, code = 403, "account_suspended"
    de = "Dieses Konto ist gesperrt. Bitte wenden Sie sich an den Plattformbetrieb."
    en = "This account is suspended. Please ask the operator of the platform."


class NoSecondFactor(Conflict):
    code = "no_second_factor"
    de = "Für dieses Konto ist kein zweiter Faktor eingerichtet."
    en = "This account has no second factor."


class LogInNeeded(DomainError):
    """An API token must not change the account that it belongs to."""

    status, code = 403, "log_in_needed"
    de = "Das geht nur nach einer Anmeldung, nicht mit einem API-Token."
    en = "That takes a log-in; an API token is not enough."
