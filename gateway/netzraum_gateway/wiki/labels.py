"""What the wiki calls things."""

from netzraum_gateway.labels import Label, msg

# How Markdown is written, for the help beside the field.
WIKI_SYNTAX = {
    "## …": msg("heading, ### for the next level"),
    "**…** *…*": msg("bold, italic"),
    "- …": msg("list, 1. for a numbered one"),
    "- [ ] …": msg("task, - [x] for a done one"),
    "[[…]]": msg("another page of the wiki by its title; [[title|words]] to say it otherwise"),
    "[…](https://…)": msg("link to a website"),
    "| … | … |": msg("table, with |---|---| below its head"),
    "> …": msg("quotation"),
    "…[^1]": msg("footnote, with [^1]: … at the end"),
}

IMPORT_STATES = {
    "new": Label(msg("New"), icon="add"),
    "changed": Label(msg("Becomes a new revision"), icon="history"),
    "unchanged": Label(msg("Is there already"), icon="task_alt"),
    "faulty": Label(msg("Cannot be taken in"), icon="warning"),
}

FIELDS = {
    "parent": msg("Is a subpage of"),
    "comment": msg("What have you changed?"),
    "slug": msg("Address"),
}

SUBJECTS = {
    "wiki_page": msg("Wiki page"),
}

VERBS = {
    "import": msg("imported"),
    "restore_revision": msg("older revision restored"),
}

MESSAGES = {
    "wiki_page_published": msg("The page is published."),
    "wiki_page_draft_saved": msg("The draft is saved. Only you see it."),
    "wiki_page_updated": msg("The page is saved."),
    "wiki_page_merged": msg("Saved. What somebody else had changed meanwhile is in it too."),
    "wiki_page_deleted": msg("The page is deleted."),
    "wiki_page_restored": msg("The page is back."),
    "wiki_page_moved": msg("The page is changed. Its old address goes on working."),
    "wiki_page_reclassified": msg("The protection level is changed."),
    "wiki_page_revision_restored": msg("The older text is there again, as the newest revision."),
}
