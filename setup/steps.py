"""What every step of the set-up does: say what it is about to do, do it, end with a clear message where it cannot."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"


def say(text: str) -> None:
    print(text, flush=True)


def fail(problem: str, command: str) -> NoReturn:
    """End the set-up: what is wrong, and the command that mends it."""
    sys.exit(f"\n{problem}\nThis mends it:\n\n    {command}\n")


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> None:
    """Run a command of the set-up; its failure ends the set-up with the command's own message and status."""
    ended = subprocess.run([str(part) for part in command], cwd=str(cwd), env={**os.environ, **environment})
    if ended.returncode:
        say("Failed: " + " ".join(str(part) for part in command))
        sys.exit(ended.returncode)
