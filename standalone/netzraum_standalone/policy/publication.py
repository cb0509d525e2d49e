"""The policy in force: a folder with every version that was, and a link to the one that is.

<active>/current -> versions/<revision>     swapped by one rename
<active>/bundle, policy.wasm, bundle.tar.gz -> current/…
<active>/active.json, last_error.json       who, when; what went wrong last
"""

import fcntl
import getpass
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from netzraum_standalone.policy.bundle import read_manifest, run_opa, write_manifest
from netzraum_standalone.policy.checks import Findings, check
from netzraum_standalone.servers.opa import ALGORITHM
from netzraum_standalone.servers.programs import MissingProgram

SIGNING_KEY = "signing-key.pem"
LINKS = ("bundle", "policy.wasm", "bundle.tar.gz")
NOT_PUBLISHED = ("*_test.rego", "matrix")


class PolicyRefused(Exception):
    """The policy does not go live; the former one stays in force."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


@dataclass(frozen=True)
class Status:
    """Which policy is in force, since when, by whom; `error` is what kept a later one from it."""

    revision: str
    since: str
    by: str
    previous: str | None
    error: dict[str, str] | None


def install(policies: Path, active: Path, signing_key: Path | None = None) -> Status:
    """Put the policy that came with the product in force, where there is none yet; it was tested when it was made.

    Raises:
        PolicyRefused: sidecars want it signed, and there is no opa.
    """
    if (active / "bundle").exists():
        return status(active)
    with _locked(active):
        return _put(policies, active, (policies / "policy.wasm").read_bytes(), "netzraum", signing_key)


def publish(policies: Path, active: Path, by: str | None = None, signing_key: Path | None = None) -> Findings:
    """Check a policy and put it in force; what is wrong with it changes nothing.

    Raises:
        PolicyRefused: it failed a check; last_error.json says so too.
    """
    by = by or getpass.getuser()
    found = check(policies, whole=False)
    with _locked(active), _keeping_error(active, by):
        if found.errors:
            raise PolicyRefused(found.errors)
        _put(policies, active, found.module, by, signing_key or active / SIGNING_KEY)
    return found


def rollback(active: Path, by: str | None = None) -> Status:
    """Put the version before the one in force back in force.

    Raises:
        PolicyRefused: there is none.
    """
    by = by or getpass.getuser()
    with _locked(active), _keeping_error(active, by):
        now = status(active) if (active / "bundle").exists() else None
        if now is None or now.previous is None or not (active / "versions" / now.previous).exists():
            raise PolicyRefused(["There is no former version to go back to."])
        return _switch(active, now.previous, by, previous=now.revision)


def status(active: Path) -> Status:
    """
    Raises:
        FileNotFoundError: no policy is in force there.
    """
    revision = read_manifest(active / "bundle").get("revision", "")
    noted = _read(active / "active.json") or {}
    known = noted if noted.get("revision") == revision else {}
    return Status(
        revision=revision,
        since=known.get("since", ""),
        by=known.get("by", ""),
        previous=known.get("previous"),
        error=_read(active / "last_error.json"),
    )


def _put(policies: Path, active: Path, module: bytes, by: str, signing_key: Path | None) -> Status:
    """Write a new version beside the others, whole, and switch to it."""
    previous = _adopt(active)
    staged = active / "versions" / ".staged"
    shutil.rmtree(staged, ignore_errors=True)
    # Not the times of the files: the engines see by them that something is new.
    shutil.copytree(
        policies / "bundle",
        staged / "bundle",
        ignore=shutil.ignore_patterns(*NOT_PUBLISHED),
        copy_function=shutil.copyfile,
    )
    (staged / "policy.wasm").write_bytes(module)
    revision = f"{_next_number(active)}-{_digest(staged)}"
    manifest = read_manifest(staged / "bundle")
    metadata = {**manifest.get("metadata", {}), "since": _now(), "by": by}
    write_manifest(staged / "bundle", {**manifest, "revision": revision, "metadata": metadata})
    if signing_key is not None and signing_key.exists():
        _sign(staged, signing_key)
    staged.rename(active / "versions" / revision)
    return _switch(active, revision, by, previous)


def _sign(version: Path, signing_key: Path) -> None:
    """Make the bundle for sidecars.

    Raises:
        PolicyRefused: there is no opa to make it.
    """
    key = ["--signing-key", str(signing_key.resolve()), "--signing-alg", ALGORITHM]
    try:
        run_opa(version, "build", "--bundle", "bundle", *key, "--output", "bundle.tar.gz")
    except MissingProgram as error:
        raise PolicyRefused([f"Sidecars take a bundle that only opa can make and sign. {error}"]) from error


def _adopt(active: Path) -> str | None:
    """The version in force; one that lies there as plain files becomes the first version."""
    current = active / "current"
    if current.is_symlink():
        return current.readlink().name
    if not (active / "bundle").exists():
        return None
    revision = str(read_manifest(active / "bundle").get("revision", "0"))
    kept = active / "versions" / revision
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(parents=True)
    for name in LINKS:
        file = active / name
        if file.exists():
            copy = shutil.copytree if file.is_dir() else shutil.copyfile
            copy(file, kept / name)
    return revision


def _switch(active: Path, revision: str, by: str, previous: str | None) -> Status:
    _link(active / "current", Path("versions") / revision)
    for name in LINKS:
        if (active / "current" / name).exists():
            _link(active / name, Path("current") / name)
    noted = {"revision": revision, "since": _now(), "by": by, "previous": previous}
    _write(active / "active.json", noted)
    return Status(revision=revision, since=noted["since"] or "", by=by, previous=previous, error=None)


def _link(place: Path, target: Path) -> None:
    """Make `place` a link to `target`, in one step for whoever reads."""
    if place.is_symlink() and place.readlink() == target:
        return
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)  # adopted: its copy is a version
    fresh = place.with_name(f".{place.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(place)


def _next_number(active: Path) -> int:
    numbers = [re.match(r"\d+", version.name) for version in (active / "versions").glob("[0-9]*")]
    return max((int(number[0]) for number in numbers if number), default=0) + 1


def _digest(version: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(file for file in version.rglob("*") if file.is_file()):
        digest.update(file.relative_to(version).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:8]


@contextmanager
def _locked(active: Path) -> Iterator[None]:
    """One publication at a time."""
    active.mkdir(parents=True, exist_ok=True)
    with (active / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _keeping_error(active: Path, by: str) -> Iterator[None]:
    """Note what goes wrong for the operator's page; forget it when it went well."""
    try:
        yield
    except Exception as error:
        _write(active / "last_error.json", {"at": _now(), "by": by, "message": str(error)})
        raise
    (active / "last_error.json").unlink(missing_ok=True)


def _read(file: Path) -> dict[str, Any] | None:
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else None


def _write(file: Path, content: dict[str, Any]) -> None:
    fresh = file.with_name(f".{file.name}.new")
    with fresh.open("w", encoding="utf-8") as stream:
        json.dump(content, stream)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(file)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
