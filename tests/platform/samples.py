"""A small service to try the platform with: it owns things, tells of them, and hears of things."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import String, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from netzraum_platform.bus import Bus
from netzraum_platform.context import App, IfMatch, LoggedIn, etag, require_version
from netzraum_platform.database import Database, Uuid, new_id, utc_now
from netzraum_platform.errors import Conflict, NotFound
from netzraum_platform.events import Envelope, EventData
from netzraum_platform.idempotency import CreateOnce
from netzraum_platform.service import Service
from tests.harness import Surroundings, compose

OWNER = "content"
MIGRATIONS: tuple[Path, ...] = ()


class SampleBase(DeclarativeBase):
    """The tables of the sample service."""


class Thing(SampleBase):
    __tablename__ = "things"

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # as SQLAlchemy declares it


class Heard(SampleBase):
    """What a handler wrote; twice the same would be two rows."""

    __tablename__ = "heard"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]


class ThingChanged(EventData):
    TYPE: ClassVar = "content.thing.changed.v1"

    number: int


class ThingEnded(EventData):
    TYPE: ClassVar = "content.thing.ended.v1"

    number: int


class NewThing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=20)


class ThingView(BaseModel):
    id: uuid.UUID
    name: str
    version: int

    @classmethod
    def of(cls, thing: Thing) -> "ThingView":
        return cls(id=thing.id, name=thing.name, version=thing.version)


router = APIRouter()


@router.post("/things", status_code=201)
async def create_thing(new: NewThing, ctx: LoggedIn, once: CreateOnce) -> ThingView:
    async def create() -> ThingView:
        await ctx.begin_write()
        thing = Thing(name=new.name)
        ctx.db.add(thing)
        await ctx.db.flush()
        ctx.audit("thing:create", item=thing.id)
        ctx.publish(ThingChanged(number=1), subject=thing.id)
        return ThingView.of(thing)

    async def again(thing_id: str) -> ThingView:
        return await read_thing(uuid.UUID(thing_id), ctx, Response())

    return await once.run(create, again, lambda view: view.id)


@router.get("/things/{thing_id}")
async def read_thing(thing_id: uuid.UUID, ctx: LoggedIn, response: Response) -> ThingView:
    thing = await ctx.db.get(Thing, thing_id)
    if thing is None:
        raise NotFound
    response.headers["ETag"] = etag(thing.version)
    return ThingView.of(thing)


@router.patch("/things/{thing_id}")
async def rename_thing(thing_id: uuid.UUID, new: NewThing, ctx: LoggedIn, if_match: IfMatch) -> ThingView:
    thing = await ctx.db.get_one(Thing, thing_id)
    require_version(if_match, thing.version)
    await ctx.begin_write()
    thing.name = new.name
    await ctx.db.flush()
    return ThingView.of(thing)


@router.post("/things/{thing_id}/fail")
async def change_and_fail(thing_id: uuid.UUID, ctx: LoggedIn) -> None:
    await ctx.begin_write()
    (await ctx.db.get_one(Thing, thing_id)).name = "lost"
    ctx.audit("thing:rename", item=thing_id)
    ctx.publish(ThingChanged(number=2))
    raise Conflict


@router.get("/search")
async def search(q: str, number: int = 0) -> dict[str, Any]:
    return {"q": q, "number": number}


@router.post("/mistake")
async def mistake() -> None:
    raise KeyError("a mistake of ours")


async def make_tables(app: App) -> None:
    await make_tables_in(app.database)


async def make_tables_in(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.run_sync(SampleBase.metadata.create_all)


def service(name: str = OWNER, **declared: Any) -> Service:
    return Service(name=name, routers=[router], migrations=MIGRATIONS, prepare=make_tables, **declared)


def app(name: str, database_url: str, folder: Path, bus: Bus | None = None) -> App:
    """The ports of a service that is not run as a whole."""
    composed = compose(name, database_url, Surroundings(folder))
    if bus is not None:
        composed.bus = bus
    return composed


def envelope(number: int, type_: type[EventData] = ThingChanged, event_id: uuid.UUID | None = None) -> Envelope:
    """The event of a thing with this number."""
    return Envelope(
        id=event_id or new_id(), source="/content", type=type_.TYPE, time=utc_now(), data={"number": number}
    )


@contextmanager
def counted(app_: App) -> Iterator[list[str]]:
    """The statements to the database, without those that begin and end a transaction."""
    statements: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(app_.database.engine.sync_engine, "before_cursor_execute", count)
    yield statements
    event.remove(app_.database.engine.sync_engine, "before_cursor_execute", count)
