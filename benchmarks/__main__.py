"""``make bench``: measure, print, and write build/benchmarks.json."""

import asyncio
import tempfile
from pathlib import Path

from benchmarks import distributed, report, standalone


async def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folders = [Path(scratch) / name for name in ("standalone", "distributed")]
        Path(scratch).chmod(0o711)  # PostgreSQL runs as another user
        for folder in folders:
            folder.mkdir(mode=0o711)
        figures = [*await standalone.measure(folders[0]), *await distributed.measure(folders[1])]
    report.show(figures)
    report.write(figures)


asyncio.run(main())
