"""Revisions: listed, read, compared, brought back."""

import pytest

from netzraum_content.wiki.comparing import hunks
from tests.content.wiki_room import WikiRoom
from tests.steps import steps


async def test_revisions_say_who_when_and_why(wiki: WikiRoom) -> None:
    await wiki.write("plan", text="eins", comment="Anfang")
    await wiki.write("plan", wiki["moderator"], text="zwei", base=1, comment="nach der Sitzung")
    await wiki.change("plan", title="Jahresplan")
    listed = await wiki.read("plan/revisions")
    assert [(each["number"], each["author"]["name"], each["comment"]) for each in listed["items"]] == [
        (3, "member", "Umbenannt, vorher: plan"),
        (2, "moderator", "nach der Sitzung"),
        (1, "member", "Anfang"),
    ]
    assert "text" not in listed["items"][0]
    first = await wiki.read("plan/revisions", limit=2)
    second = await wiki.read("plan/revisions", limit=2, cursor=first["next"])
    assert [each["number"] for each in second["items"]] == [1]
    assert second["next"] is None
    revision = await wiki.read("plan/revisions/1", render="html")
    assert (revision["text"], revision["html"].strip()) == ("eins", "<p>eins</p>")


async def test_a_revision_that_is_not_there_is_not_found(wiki: WikiRoom) -> None:
    await wiki.write("plan")
    member = wiki["member"]
    assert await member.status("GET", wiki.page("plan/revisions/2")) == 404
    assert await member.status("GET", wiki.page("plan/diff?from=1&to=2")) == 404
    assert await member.status("POST", wiki.page("plan/revisions/2/restore")) == 404
    assert await member.status("GET", wiki.page("plan/diff?from=0&to=1")) == 422
    assert await member.status("GET", wiki.page("plan/revisions?cursor=WzAuNV0")) == 422


async def test_two_revisions_are_compared_by_lines_and_words(wiki: WikiRoom) -> None:
    before = "Kopf\n" * 9 + "Der Ausschuss tagt am Montag.\nalt\n" + "Fuß\n" * 2
    after = "Kopf\n" * 9 + "Der Ausschuss tagt am Freitag.\nneu\n" + "Fuß\n" * 2
    await wiki.write("plan", text=before)
    await wiki.write("plan", text=after, base=1)
    diff = await wiki.read("plan/diff", **{"from": 1, "to": 2})
    assert (diff["from"]["number"], diff["to"]["number"]) == (1, 2)
    skipped, *_ = diff["hunks"]
    assert (skipped["op"], skipped["lines"], skipped["old_line"]) == ("keep", 6, 1)
    removed = [hunk for hunk in diff["hunks"] if hunk["op"] == "remove"]
    assert [hunk["text"] for hunk in removed] == ["Der Ausschuss tagt am Montag.", "alt"]
    assert [word for word in removed[0]["words"] if word["op"] == "remove"] == [{"op": "remove", "text": "Montag"}]
    added = [hunk for hunk in diff["hunks"] if hunk["op"] == "add"]
    assert [word["text"] for word in added[0]["words"] if word["op"] == "add"] == ["Freitag"]
    assert (added[0]["old_line"], added[0]["new_line"]) == (None, 10)
    assert added[1]["words"] is None


async def test_a_former_revision_becomes_the_newest_one(wiki: WikiRoom) -> None:
    await wiki.write("plan", title="Plan", text="eins")
    await wiki.write("plan", title="Neuer Plan", text="zwei", base=1)
    path = wiki.page("plan/revisions/1/restore")
    reply = await wiki["moderator"].send("POST", path, {"comment": "war besser"})
    page = reply.json()
    assert (page["revision"], page["title"], page["text"], page["comment"]) == (3, "Plan", "eins", "war besser")
    assert (await wiki["moderator"].send("POST", path)).json()["revision"] == 3
    assert await wiki["guest"].status("POST", path) == 403
    assert (await wiki.read("plan/revisions/2"))["text"] == "zwei"


LINES = [str(number * 7919 % 613) for number in range(20_000)]
WORDS = " ".join(str(number % 2) for number in range(40_000))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\n".join(LINES), "\n".join(reversed(LINES))),
        ("\n".join(LINES[:2900]), "\n".join(reversed(LINES[:2900]))),
        (WORDS, WORDS.replace("0 1", "1 0 0")),
    ],
    ids=["many lines", "lines", "words"],
)
def test_comparing_costs_little_whatever_the_texts_are(before: str, after: str) -> None:
    """A step for each pair of equal lines or words that is weighed: without a bound these have up to 800 million."""
    assert steps(lambda: hunks(before, after), built_in=True) < 1_000_000
