"""docs/api-tour.md, as a reader would type it."""

import asyncio
import os
import re
from pathlib import Path

from tests.end_to_end.installations import PASSWORD, Installation

TOUR = Path(__file__).parents[2] / "docs" / "api-tour.md"
SIGNS_OF_THE_TOUR = (
    "← 422, with the ceiling",
    "← 404: its existence stays hidden",
    "← 403: hidden until the close",
    "← gone",
)


async def test_the_commands_of_the_tour_work(installation: Installation) -> None:
    commands = re.findall(r"```sh\n(.*?)```", TOUR.read_text(encoding="utf-8"), re.DOTALL)
    script = "set -euo pipefail\n" + "\n".join(commands)
    place = {
        "ADDRESS": installation.address,
        "MAIL": str(installation.mails),
        "OPERATOR": installation.operator,
        "PASSWORD": PASSWORD,
    }
    process = await asyncio.create_subprocess_exec(
        "bash",
        "-c",
        script,
        env={**os.environ, **place},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output = (await process.communicate())[0].decode()
    assert process.returncode == 0, output
    for sign in SIGNS_OF_THE_TOUR:
        assert sign in output
