"""Holidays over HTTP: a layer of the calendar, the same for everybody."""

import asyncio
import datetime
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from netzraum_calendar.holidays.service import between
from netzraum_calendar.holidays.settings import FOLDER
from netzraum_platform.context import LoggedIn

LONGEST: Final = datetime.timedelta(days=400)
State = Literal["BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH"]
"""The federal states by ISO 3166-2:DE."""

router = APIRouter(tags=["calendar"])


Day = Annotated[datetime.date, Field(ge=datetime.date(1990, 10, 3), le=datetime.date(2200, 1, 1))]
"""Since the states are these sixteen."""


class HolidayQuery(BaseModel):
    """Both days inclusive; at most 400."""

    model_config = ConfigDict(extra="forbid")

    state: State
    from_: Day = Field(alias="from")
    until: Day


class HolidayView(BaseModel):
    """``until`` is the last day."""

    model_config = ConfigDict(from_attributes=True)

    date: datetime.date
    until: datetime.date
    name: str
    kind: Literal["public", "school"]


class Holidays(BaseModel):
    """``school_until``: the last day of the last school holidays that are on file for the state."""

    items: list[HolidayView]
    school_until: datetime.date


@router.get("/holidays")
async def list_holidays(context: LoggedIn, query: Annotated[HolidayQuery, Query()]) -> Holidays:
    if query.until < query.from_:
        raise context.invalid("until", "ends_before_it_begins")
    if query.until - query.from_ > LONGEST:
        raise context.invalid("until", "window_too_long")
    folder = context.app.state.get(FOLDER)
    found = await asyncio.to_thread(between, query.state, query.from_, query.until, context.language, folder)
    views = [HolidayView.model_validate(each) for each in found.holidays]
    return Holidays(items=views, school_until=found.school_until)
