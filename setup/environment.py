"""Make .venv and install into it what requirements/ pins, and our own distributions as editable ones.

    python3 -m setup.environment runtime|development

Uses uv where it is installed, else venv and pip. Runs on the Python of the machine with its standard library alone.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys

from setup.steps import ENVIRONMENT, ROOT, fail, run, say

OLDEST_PYTHON = (3, 11)
PYTHON = ENVIRONMENT / "bin" / "python"
DISTRIBUTIONS = (
    "libs",
    "services/identity",
    "services/spaces",
    "services/content",
    "services/calendar",
    "services/polls",
    "gateway",
    "standalone",
)


def check_python() -> None:
    if sys.version_info < OLDEST_PYTHON:
        fail(
            f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}.",
            "apt-get install python3.11 python3.11-venv",
        )


def environment_works() -> bool:
    """Whether .venv has a Python that is new enough and that something can install packages into."""
    probe = "import sys; assert sys.version_info >= (3, 11)" + ("" if shutil.which("uv") else "; import pip")
    return PYTHON.exists() and subprocess.run([str(PYTHON), "-c", probe], stderr=subprocess.DEVNULL).returncode == 0


def make_environment() -> None:
    say("Making the virtual environment .venv")
    if shutil.which("uv"):
        run("uv", "venv", "--quiet", "--clear", "--python", sys.executable, ENVIRONMENT)
        return
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        package = "python{}.{}-venv".format(*sys.version_info[:2])
        fail("This Python cannot make virtual environments: its venv module is missing.", "apt-get install " + package)
    run(sys.executable, "-m", "venv", "--clear", ENVIRONMENT)


def install(*arguments: str) -> None:
    if shutil.which("uv"):
        run("uv", "pip", "install", "--quiet", "--python", PYTHON, *arguments)
    else:
        run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments)


def install_pinned(requirements: str) -> None:
    say(f"Installing requirements/{requirements}.txt")
    install("--require-hashes", "-r", str(ROOT / "requirements" / (requirements + ".txt")))


def install_ours() -> None:
    say("Installing Netzraum's own packages")
    editable = [argument for folder in DISTRIBUTIONS for argument in ("-e", str(ROOT / folder))]
    install("--no-deps", "--no-build-isolation", *editable)


def main(requirements: str) -> None:
    check_python()
    if not environment_works():
        make_environment()
    install_pinned(requirements)
    if requirements == "runtime":
        install_ours()


if __name__ == "__main__":
    main(sys.argv[1])
