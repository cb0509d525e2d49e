"""``netzraum policy …``"""

import asyncio
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from netzraum_standalone.policy import bundle, publication
from netzraum_standalone.policy.bundle import Engine, RulesBroken
from netzraum_standalone.policy.checks import Findings
from netzraum_standalone.policy.checks import check as check_policies
from netzraum_standalone.policy.differences import Difference, SpaceDifference, compare, compare_in_spaces
from netzraum_standalone.policy.holders import holders_in
from netzraum_standalone.policy.publication import PolicyRefused
from netzraum_standalone.servers.programs import MissingProgram
from netzraum_standalone.settings import StandaloneSettings

app = typer.Typer(help="Check a policy, see what it changes, put it in force, take it back.", no_args_is_help=True)
console = Console()
Policies = Annotated[Path | None, typer.Option(help="the folder of the changed policy; without it that of the product")]
Active = Annotated[Path | None, typer.Option(help="the folder of the policy in force; without it NETZRAUM_DATA/policy")]
By = Annotated[str | None, typer.Option(help="who does it; without it the system's user")]
SpacesDatabase = Annotated[
    str | None,
    typer.Option(help="the database of spaces; without it that of the standalone data folder, if it is there"),
]


@app.command()
def check(policies: Policies = None) -> None:
    """Check words, rules, their tests, and what no policy may break."""
    found = check_policies(_policies(policies))
    _print_notes(found)
    _fail_on(found.errors)
    console.print("The policy may go live.")


@app.command()
def diff(policies: Policies = None, active: Active = None, database: SpacesDatabase = None) -> None:
    """Show who would gain and lose what against the policy in force: by role, and in each space by its members."""
    before, after = Engine.of(_active(active)), Engine.of(_policies(policies))
    differences, url = compare(before, after), _spaces_database(database)
    in_spaces = compare_in_spaces(before, after, asyncio.run(holders_in(url))) if url else []
    if not differences and not in_spaces:
        console.print("Nobody gains or loses anything.")
        return
    console.print(_table(differences))
    gaining = sum(bool(difference.gains) for difference in differences)
    losing = sum(bool(difference.loses) for difference in differences)
    console.print(f"{gaining} gain, {losing} lose (role, kind of space, type and classification counted each).")
    if url:
        _print_spaces(in_spaces)


@app.command()
def publish(
    policies: Policies = None,
    active: Active = None,
    by: By = None,
    signing_key: Annotated[Path | None, typer.Option(help="signs the bundle for sidecars; ES256, PEM")] = None,
) -> None:
    """Put a changed policy in force, without a restart. One that fails the check changes nothing."""
    try:
        found = publication.publish(_policies(policies), _active(active), by, signing_key)
    except PolicyRefused as error:
        _fail_on(error.errors)
        return
    _print_notes(found)
    status(active)


@app.command()
def rollback(active: Active = None, by: By = None) -> None:
    """Put the version before the present one back in force."""
    try:
        publication.rollback(_active(active), by)
    except PolicyRefused as error:
        _fail_on(error.errors)
    status(active)


@app.command()
def status(active: Active = None) -> None:
    """Say which policy is in force, since when, by whom."""
    state = publication.status(_active(active))
    console.print(f"In force: {state.revision} since {state.since or 'the beginning'} by {state.by or 'netzraum'}")
    if state.error:
        console.print(f"Failed at {state.error['at']} by {state.error['by']}: {state.error['message']}")


@app.command()
def build(policies: Policies = None) -> None:
    """Compile changed rules (Rego) into policy.wasm; needs opa."""
    try:
        bundle.build(_policies(policies))
    except (MissingProgram, RulesBroken) as error:
        _fail_on([str(error)])


def _policies(given: Path | None) -> Path:
    return given or StandaloneSettings().policies


def _active(given: Path | None) -> Path:
    return given or StandaloneSettings().active_policy


def _spaces_database(given: str | None) -> str | None:
    settings = StandaloneSettings()
    if given is None and settings.database_file("spaces").exists():
        return settings.database_url("spaces")
    return given


def _print_spaces(differences: list[SpaceDifference]) -> None:
    """What changes in each space, and for how many of its members."""
    if not differences:
        console.print("In no space anything changes for its present members.")
        return
    table = Table("space", "role", "members", "tool", "type", "classification", "gains", "loses")
    for one in differences:
        who = (one.holders.name, one.holders.role, str(one.holders.count))
        table.add_row(*who, one.tool, one.type, one.classification, ", ".join(one.gains), ", ".join(one.loses))
    console.print(table)
    for space, ones in groupby(differences, key=lambda one: one.holders.space):
        in_space = list(ones)
        gaining = {one.holders.role: one.holders.count for one in in_space if one.gains}
        losing = {one.holders.role: one.holders.count for one in in_space if one.loses}
        name = in_space[0].holders.name
        console.print(f"{name} ({space}): {sum(gaining.values())} gain, {sum(losing.values())} lose.", markup=False)


def _print_notes(found: Findings) -> None:
    for note in found.notes:
        console.print(f"Note: {note}", markup=False)


def _fail_on(errors: list[str]) -> None:
    if errors:
        for error in errors:
            console.print(f"Error: {error}", markup=False)
        raise typer.Exit(1)


def _table(differences: list[Difference]) -> Table:
    table = Table("who", "in", "tool", "type", "classification", "gains", "loses")
    for one in differences:
        place = (one.who, one.space_kind, one.tool, one.type, one.classification)
        table.add_row(*place, ", ".join(one.gains), ", ".join(one.loses))
    return table
