"""Build the page's style sheets and scripts into gateway/netzraum_gateway/static.

    python3 -m setup.assets

Uses the machine's npm where it is 10 or newer, else the one that requirements/assets.txt pins.
"""

from __future__ import annotations

import os
import shutil
import subprocess

from setup.environment import install_pinned
from setup.steps import ENVIRONMENT, ROOT, run, say

ASSETS = ROOT / "gateway" / "assets"
OLDEST_NPM = 10


def has_npm() -> bool:
    npm = shutil.which("npm")
    if npm is None:
        return False
    version = subprocess.run([npm, "--version"], capture_output=True, text=True).stdout
    return version.split(".")[0].isdigit() and int(version.split(".")[0]) >= OLDEST_NPM


def main() -> None:
    path = os.environ["PATH"]
    if not has_npm():
        install_pinned("assets")
        path = "{}:{}".format(ENVIRONMENT / "bin", path)
    say("Building the page's style sheets and scripts")
    run("npm", "ci", "--no-audit", "--no-fund", cwd=ASSETS, PATH=path)
    run("npm", "run", "build", cwd=ASSETS, PATH=path)


if __name__ == "__main__":
    main()
