"""Where the operator keeps school holidays that differ from the library's."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from netzraum_platform.context import App
from netzraum_platform.settings import PREFIX, read_settings

FOLDER = "school_holidays"


class HolidaySettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    school_holidays: Path | None = Field(default=None, description="folder of <state>*.ics files, as NW-2027.ics")


async def prepare(app: App) -> None:
    """Note the folder where the service is put together."""
    app.state[FOLDER] = read_settings(HolidaySettings).school_holidays
