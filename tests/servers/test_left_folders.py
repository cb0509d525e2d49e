"""What a killed run of the tests leaves in memory, the next one removes."""

import os
import subprocess
import sys
from pathlib import Path

from tests.servers.fixtures import OURS, remove_left_folders


def test_folders_of_runs_that_are_gone_are_removed(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    left = tmp_path / f"{OURS}{gone.pid}-abc"
    (left / "postgres" / "data").mkdir(parents=True)
    kept = {f"{OURS}{os.getpid()}-abc", f"{OURS}abc", f"{OURS}abc-1", f"another-{gone.pid}-abc"}
    for name in kept:
        (tmp_path / name).mkdir()
    remove_left_folders(tmp_path)
    assert {folder.name for folder in tmp_path.iterdir()} == kept
