"""``make bench``: measure, print, and write build/benchmarks.json. ``make bench ONLY=wiki`` measures one part."""

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import calendar, decisions, events, notices, polls, standalone, wiki
from benchmarks.ground import prepared
from benchmarks.report import Report

STANDALONE = "standalone"
DISTRIBUTED = {
    "decisions": decisions.measure,
    "events": events.measure,
    "polls": polls.measure,
    "calendar": calendar.measure,
    "wiki": wiki.measure,
    "notices": notices.measure,
}
"""What fills in most comes last."""
BUILD = Path("build")


async def main(names: Sequence[str]) -> bool:
    """Whether every row was measured."""
    wanted = names or (STANDALONE, *DISTRIBUTED)
    report = Report(BUILD / f"{'-'.join(['benchmarks', *names])}.json")
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch).chmod(0o711)  # PostgreSQL runs as another user
        if STANDALONE in wanted:
            await report.part(STANDALONE, standalone.measure(_folder(scratch, STANDALONE), report))
        if chosen := [name for name in DISTRIBUTED if name in wanted]:
            await report.part("the distributed set", _distributed(_folder(scratch, "distributed"), chosen, report))
    report.end()
    return not report.failed


async def _distributed(folder: Path, names: Sequence[str], report: Report) -> None:
    async with prepared(folder) as ground:
        for name in names:
            await report.part(name, DISTRIBUTED[name](ground, report))


def _folder(scratch: str, name: str) -> Path:
    folder = Path(scratch, name)
    folder.mkdir(mode=0o711)
    return folder


if unknown := set(sys.argv[1:]) - {STANDALONE, *DISTRIBUTED}:
    sys.exit(f"There is no part {', '.join(sorted(unknown))}; there are {', '.join([STANDALONE, *DISTRIBUTED])}.")
sys.exit(0 if asyncio.run(main(sys.argv[1:])) else 1)
