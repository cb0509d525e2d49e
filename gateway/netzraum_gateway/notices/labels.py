"""What the notice board calls things."""

from netzraum_gateway.labels import msg

SUBJECTS = {
    "notice": msg("Notice"),
}

MESSAGES = {
    "notice_published": msg("The notice is published."),
    "notice_draft_saved": msg("The draft is saved. Only you see it."),
    "notice_updated": msg("The notice is changed."),
    "notice_deleted": msg("The notice is deleted."),
    "notice_restored": msg("The notice is back."),
    "notice_pinned": msg("The notice is pinned to the top."),
    "notice_unpinned": msg("The notice is no longer pinned."),
    "notice_reclassified": msg("The protection level is changed."),
}
