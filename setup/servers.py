"""Bring the servers that tests and the distributed set need: Debian's packages, and the Open Policy Agent.

.venv/bin/python -m setup.servers
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from netzraum_standalone.servers.programs import DEBIAN, OPA, OPA_VERSION, cache_folder
from setup.environment import install_pinned
from setup.steps import ENVIRONMENT, fail, run, say

OPA_MODULE = "github.com/open-policy-agent/opa"
# Of the module as the Go checksum database knows it; its go.sum pins all that it needs.
OPA_SUM = "h1:WzqReKk2VjcvBN/NQTlcIxKqFPKpzIdb6KYMHzPEbe0="
OLDEST_GO = (1, 26)


def install_debian_packages() -> None:
    missing = [program.package for program in DEBIAN if program.find() is None and program.package]
    if not missing:
        return
    command = "apt-get install --yes --no-install-recommends " + " ".join(missing)
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        fail(
            "The tests need servers that this machine does not have: {}.".format(", ".join(missing)), "sudo " + command
        )
    say("Installing Debian packages: {}".format(", ".join(missing)))
    run("apt-get", "update", "--quiet=2")
    run(*command.split(), "--quiet=2", DEBIAN_FRONTEND="noninteractive")


def find_go() -> str:
    """The machine's Go where it is new enough, else the one that requirements/tools.txt pins."""
    go = shutil.which("go")
    if go is not None:
        version = re.search(r"go(\d+)\.(\d+)", subprocess.run([go, "version"], capture_output=True, text=True).stdout)
        if version and (int(version[1]), int(version[2])) >= OLDEST_GO:
            return go
    install_pinned("tools")
    return str(ENVIRONMENT / "bin" / "go")


def download_opa(go: str, folder: str) -> Path:
    """Download the module of the Open Policy Agent; return the folder of its source."""
    command = [go, "mod", "download", "-json", OPA_MODULE + "@" + OPA_VERSION]
    answer = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    module = json.loads(answer.stdout or "{}")
    if "Dir" not in module:
        fail("The Go module proxy did not answer: {}".format(module.get("Error", "no reason")), "make servers")
    if module["Sum"] != OPA_SUM:
        fail("{} has another checksum than the pinned one: {}".format(OPA_MODULE, module["Sum"]), "go clean -modcache")
    return Path(module["Dir"])


def build_opa() -> None:
    if OPA.find() == opa_target():
        return
    say(f"Building the Open Policy Agent {OPA_VERSION} (once for this machine; 2 to 5 minutes)")
    go = find_go()
    target = opa_target()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=str(target.parent)) as folder:
        source = download_opa(go, folder)
        built = Path(folder) / "opa"
        run(
            go,
            "build",
            "-trimpath",
            "-ldflags=-s -w",
            "-o",
            built,
            ".",
            cwd=source,
            CGO_ENABLED="0",
            GOTOOLCHAIN="local",
        )
        built.replace(target)


def opa_target() -> Path:
    return cache_folder() / f"opa-{OPA_VERSION}" / "opa"


def main() -> None:
    if platform.system() != "Linux":
        fail("The native servers run on Linux.", "docker compose up")
    install_debian_packages()
    build_opa()


if __name__ == "__main__":
    main()
