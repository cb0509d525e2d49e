"""Whole sentences for codes: why something was refused, and what has just been done."""

from dataclasses import dataclass

from netzraum_gateway.labels import msg

REASONS = {
    "not_a_member": msg("You are not, or no longer, a member of this space."),
    "operator_reads_no_content": msg("The operator runs the platform and reads no content."),
    "operator_needed": msg("Only the operator of the platform does this."),
    "level_too_low": msg("Your role in this space does not include this."),
    "level_too_low_for_public": msg("Only who manages this tool may create or publish something public."),
    "clearance_too_low": msg("It is protected: your role may not see this protection level."),
    "not_named": msg("It is meant for certain roles, and yours is not among them."),
    "wrong_state": msg("In its present state this cannot be done."),
    "wrong_kind_of_space": msg("This is not possible in this kind of space."),
    "second_factor_needed": msg("Personal data are shown only after logging in with a second factor."),
    "channel_closed": msg("This protection level is not given out this way."),
    "access_data_too_old": msg("Who may see what has just changed. Please try again in a moment."),
    "scope_too_narrow": msg("The token that was used does not allow this."),
    "no_public_page": msg("This space has no public page. Please log in."),
    "other_action_needed": msg("Please change the protection level on its own."),
    "would_widen": msg("More people would see it than may now."),
    "never_moves": msg("Personal data never leave their space."),
    "target_denied": msg("You may not create this in the space chosen."),
    "more_than_own": msg("Nobody can grant more than they have themselves."),
    "ceiling_exceeded": msg("This is more than a role built on this one may have here."),
    "last_coordinator": msg("Nobody would be left who coordinates this space. Name somebody else first."),
}

# The same reasons, said of somebody else.
OTHERS_REASONS = {
    "not_a_member": msg("not, or no longer, a member"),
    "operator_reads_no_content": msg("the operator reads no content"),
    "level_too_low": msg("the role does not open this tool"),
    "clearance_too_low": msg("the role may not see this protection level"),
    "not_named": msg("the role is not among those named"),
    "wrong_state": msg("not visible in its present state"),
    "second_factor_needed": msg("needs a second factor"),
}

RESULTS_HIDDEN = {
    "not_opened": msg("There is no result before the poll is open."),
    "void": msg("This poll is void: it will never have a result."),
    "being_counted": msg("The votes are being counted. Please look again in a moment."),
    "until_closed": msg("The result is shown after the end."),
    "until_voted": msg("The result is shown to you once you have voted."),
    "managers_only": msg("The result is shown only to those who manage the polls of this space."),
    "too_few_ballots": msg(
        "Fewer than five have voted. The result of a secret poll is then not shown: it could give single people away."
    ),
}

VIEWS = {
    "current": msg("Current"),
    "unread": msg("Unread"),
    "mine": msg("Mine"),
    "coming": msg("Coming"),
    "past": msg("Past"),
    "draft": msg("Drafts"),
    "deleted": msg("Trash"),
}

MESSAGES = {
    "logged_out": msg("You are logged out."),
    "saved": msg("Saved."),
    "invitation_accepted": msg("Welcome. Your access is set up, and you are logged in."),
    "all_seen": msg("All marked as read."),
    "space_created": msg("The space is there. Now invite its members."),
    "member_invited": msg("The invitation is on its way."),
    "member_updated": msg("The membership is changed."),
    "member_ended": msg("The membership is ended."),
    "space_left": msg("You have left the space."),
    "invitation_taken_back": msg("The invitation is taken back. Its link no longer works."),
    "invitation_resent": msg("The invitation was sent once more."),
    "role_saved": msg("The role is saved and in force."),
    "role_deleted": msg("The role is deleted."),
    "password_changed": msg("The password is changed. All other sessions are ended."),
    "email_change_sent": msg("We have sent a mail to the new address. Please confirm it there."),
    "email_changed": msg("Your new e-mail address is in force."),
    "second_factor_on": msg("The second factor is set up."),
    "second_factor_off": msg("The second factor is removed."),
    "session_ended": msg("The session is ended."),
    "token_deleted": msg("The token no longer works."),
    "institution_approved": msg("The institution is approved. Its network space is being set up."),
    "institution_rejected": msg("The registration is rejected."),
    "institution_suspended": msg("The institution is suspended."),
    "account_suspended": msg("The account is suspended."),
    "account_unsuspended": msg("The account may log in again."),
    "second_factor_reset": msg("The second factor of the account is reset."),
    "barrier_reported": msg("Thank you. Your report has reached the operator."),
}


@dataclass(frozen=True)
class DoorMessage:
    """``way`` and ``to``: the button below, and where it leads."""

    title: str
    text: str
    way: str = msg("To the log-in")
    to: str = "/anmelden"


DOOR_MESSAGES = {
    "registered": DoorMessage(
        msg("Please look into your mailbox"),
        msg("We have sent you a mail. With the link in it you confirm your address; then the operator decides."),
    ),
    "confirm_institution": DoorMessage(
        msg("Confirm the registration"),
        msg("With this you confirm that the address is yours. Then the operator decides on the registration."),
    ),
    "institution_confirmed": DoorMessage(
        msg("Your address is confirmed"),
        msg("The operator looks at the registration now. You hear the result by mail."),
    ),
    "confirm_email": DoorMessage(
        msg("Confirm the new address"),
        msg("From then on you log in with it, and mails go there. All sessions of your account end."),
    ),
    "reset_sent": DoorMessage(
        msg("Please look into your mailbox"),
        msg("If there is an account for this address, a mail with a link is on its way. The link works for one hour."),
    ),
    "password_set": DoorMessage(
        msg("The new password is set"),
        msg("Log in with it now."),
    ),
    "registration_gone": DoorMessage(
        msg("This link no longer works"),
        msg(
            "It was used already, or it is older than seven days. If you have confirmed your address with it, "
            "the operator looks at the registration, and you hear the result by mail. If not, please register "
            "once more."
        ),
        msg("Register an institution"),
        "/registrieren",
    ),
    "invitation_gone": DoorMessage(
        msg("This invitation no longer holds"),
        msg(
            "It is too old, was taken back, or the address of the link is incomplete. Ask whoever invited you for "
            "a new one. If you have accepted it before, log in."
        ),
    ),
    "invitation_accepted_before": DoorMessage(
        msg("This invitation is accepted already"),
        msg("Your access is set up. Log in with your e-mail address and the password that you chose then."),
    ),
    "password_link_gone": DoorMessage(
        msg("This link no longer works"),
        msg(
            "It was used already, or it is older than one hour. Nothing was changed now. "
            "You may have a new link sent to you."
        ),
        msg("Send a new link"),
        "/passwort",
    ),
    "email_link_gone": DoorMessage(
        msg("This link no longer works"),
        msg(
            "It was used already, or it is older than one day. Your account shows which address is in force; there "
            "you may change it once more."
        ),
        msg("To my account"),
        "/konto/sicherheit",
    ),
}
