"""Who else has a page open for editing is told to who may read the page, as it happens, and fades by itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from netzraum_content.wiki.models import WikiEditing
from netzraum_contracts.content import WikiEditingChanged
from netzraum_platform.bus import Subscription
from netzraum_platform.events import Envelope
from netzraum_platform.tables import JobRow, OutboxRow
from tests.content.test_cost import counted
from tests.content.wiki_room import WikiRoom
from tests.harness import eventually

BEAT = "plan/editing"
OPENED = "plan/editing?once=true"


@asynccontextmanager
async def hearing(wiki: WikiRoom) -> AsyncIterator[list[Envelope]]:
    """What is told just now, and kept nowhere."""
    told: list[Envelope] = []

    async def hear(envelope: Envelope) -> None:
        told.append(envelope)

    subscription = Subscription("test.live", (WikiEditingChanged.TYPE,), transient=True)
    stop = await wiki.world.service.app.bus.subscribe(subscription, hear)
    yield told
    await stop()


async def let_pass(wiki: WikiRoom, gone_by: timedelta) -> None:
    """Move marks back by so much, as if it had gone by; let the jobs look what is due."""
    app = wiki.world.service.app
    async with app.database.transaction() as session:
        for mark in await session.scalars(select(WikiEditing)):
            mark.at -= gone_by
        for job in await session.scalars(select(JobRow)):
            job.run_at -= gone_by
    app.wake()


async def editors(wiki: WikiRoom, role: str = "member", path: str = BEAT) -> list[Any]:
    people: list[Any] = (await wiki.read(path, wiki[role]))["editing"]
    return people


async def test_an_open_form_learns_who_else_is_there_and_what_was_saved(wiki: WikiRoom) -> None:
    await wiki.write("plan")
    await wiki["moderator"].send("PUT", wiki.page(BEAT))
    now = await wiki.read(BEAT)
    assert [person["name"] for person in now["editing"]] == ["moderator"]
    assert (now["revision"], now["changed_by"]["name"]) == (1, "member")
    await wiki.write("plan", wiki["moderator"], text="Neuer Text", base=1)
    now = await wiki.read(BEAT)
    assert (now["revision"], now["changed_by"]["name"]) == (2, "moderator")
    assert now.keys() == {"editing", "revision", "changed_by", "deleted"}


async def test_who_reads_a_page_learns_who_edits_it_and_nobody_else_does(wiki: WikiRoom) -> None:
    await wiki.write("plan", classification="internal")
    await wiki.write("geheim", wiki["moderator"], classification="confidential")
    assert await wiki["guest"].status("GET", wiki.page(BEAT)) == 200
    assert await wiki["guest"].status("PUT", wiki.page(BEAT)) == 403
    assert await wiki["guest"].status("GET", wiki.page("geheim/editing")) == 404
    assert await wiki["member"].status("GET", wiki.page("geheim/editing")) == 404


async def test_a_reader_from_outside_learns_nobodys_name(wiki: WikiRoom) -> None:
    await wiki.write("plan", wiki.coordinator, classification="public")
    await wiki["moderator"].send("PUT", wiki.page(BEAT))
    outside = await wiki.world.person("outside")
    assert len(await editors(wiki)) == 1
    for path in (BEAT, "plan"):
        assert (await wiki.read(path, outside))["editing"] == []
    await wiki.place.dismiss(wiki["moderator"], "moderator")
    assert await editors(wiki) == []


async def test_asking_what_goes_on_takes_one_question_and_never_loads_the_text(
    wiki: WikiRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await wiki.write("plan")
    for name, statements in ((page["id"], 3), ("plan", 4)):
        with counted(wiki.world.service, monkeypatch) as cost:
            await wiki.read(f"{name}/editing")
        assert cost.questions == {"decision": 1}
        assert cost.of_database == statements, cost.statements
        assert [each for each in cost.statements if "wiki_revisions.text" in each] == []


async def test_beginning_and_ending_are_told_once_without_a_trace_in_the_outbox(wiki: WikiRoom) -> None:
    page, moderator = await wiki.write("plan"), wiki["moderator"]
    async with wiki.world.service.app.database.session() as session:
        kept = len((await session.scalars(select(OutboxRow))).all())
    async with hearing(wiki) as told:
        for _beat in range(3):
            await moderator.send("PUT", wiki.page(BEAT))
        await eventually(lambda: told)
        for _again in range(2):
            await moderator.send("DELETE", wiki.page(BEAT))
        await eventually(lambda: len(told) == 2)
    assert {envelope.actor for envelope in told} == {moderator.account}
    assert [envelope.data for envelope in told] == 2 * [{"item": page["id"], "tool": "wiki"}]
    async with wiki.world.service.app.database.session() as session:
        assert len((await session.scalars(select(OutboxRow))).all()) == kept
    assert [step["what"] for step in (await wiki["member"].get(f"{wiki.place.path}/activity"))["items"]] == [
        "published"
    ]


async def test_a_mark_that_nobody_renews_fades_and_tells_so(wiki: WikiRoom) -> None:
    await wiki.write("plan")
    await wiki["moderator"].send("PUT", wiki.page(BEAT))
    async with hearing(wiki) as told:
        await let_pass(wiki, timedelta(seconds=50))
        assert len(await editors(wiki)) == 1
        await let_pass(wiki, timedelta(seconds=15))
        assert await editors(wiki) == []
        await eventually(lambda: told)
    assert told[0].actor is None


async def test_who_said_once_that_they_opened_a_form_stays_for_twenty_minutes(wiki: WikiRoom) -> None:
    await wiki.write("plan")
    await wiki["moderator"].send("PUT", wiki.page(OPENED))
    (at_first,) = await editors(wiki)
    assert at_first["opened_at"] is not None
    await let_pass(wiki, timedelta(minutes=19))
    for path in (BEAT, "plan"):
        (later,) = await editors(wiki, path=path)
        assert later["opened_at"] < at_first["opened_at"]
    async with hearing(wiki) as told:
        await let_pass(wiki, timedelta(minutes=2))
        await eventually(lambda: told)
    assert await editors(wiki) == []


async def test_a_form_that_is_heard_of_again_is_open_just_now(wiki: WikiRoom) -> None:
    await wiki.write("plan")
    moderator = wiki["moderator"]
    async with hearing(wiki) as told:
        await moderator.send("PUT", wiki.page(OPENED))
        await moderator.send("PUT", wiki.page(BEAT))
        await eventually(lambda: len(told) == 2)
    (editor,) = await editors(wiki)
    assert editor["opened_at"] is None
    await let_pass(wiki, timedelta(minutes=2))
    assert await editors(wiki) == []
