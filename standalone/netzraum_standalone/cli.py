"""The ``netzraum`` command."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from netzraum_identity.accounts.service import create_operator
from netzraum_identity.app import SERVICE as IDENTITY
from netzraum_platform import migrate
from netzraum_platform.serve import listen
from netzraum_platform.telemetry import configure_logs
from netzraum_standalone import backup as backups
from netzraum_standalone import demo as demo_data
from netzraum_standalone import events, policy
from netzraum_standalone.process import Standalone, prepare_folder, running
from netzraum_standalone.settings import StandaloneSettings

app = typer.Typer(help="Netzraum: closed rooms for networks of public bodies.", no_args_is_help=True)
accounts = typer.Typer(help="Accounts that nobody can invite.", no_args_is_help=True)
app.add_typer(events.app, name="events")
app.add_typer(policy.app, name="policy")
app.add_typer(accounts, name="accounts")


@app.command()
def run(demo: Annotated[bool, typer.Option(help="make demo data at the first start")] = False) -> None:
    """Run everything in this process. PORT and NETZRAUM_DATA (a folder) are honoured."""
    asyncio.run(_run(StandaloneSettings(), demo=demo))


@app.command()
def demo() -> None:
    """Make the demo data, without serving."""
    asyncio.run(_demo(StandaloneSettings()))


@app.command()
def backup(archive: Path) -> None:
    """Write a consistent backup of NETZRAUM_DATA, also while Netzraum runs."""
    settings = StandaloneSettings()
    backups.backup(settings, archive)
    typer.echo(
        f"The keys are not in it. Keep a copy of {settings.keys / 'identity'} at another place: without it second "
        "factors can no longer be checked, and their owners need a recovery code. Keep none of the other keys."
    )
    typer.echo(f"{archive} is written")


@app.command()
def restore(archive: Path) -> None:
    """Fill an empty NETZRAUM_DATA from a backup."""
    try:
        backups.restore(StandaloneSettings(), archive)
    except backups.CannotRestore as error:
        raise typer.BadParameter(str(error)) from error
    typer.echo("restored; start with: netzraum run")


@accounts.command("create-operator")
def operator(
    email: str,
    name: str,
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, envvar="NETZRAUM_PASSWORD")],
    database: Annotated[
        str | None, typer.Option(help="identity's database; without it that of the standalone data folder")
    ] = None,
) -> None:
    """Make an account that runs the platform, also while it runs."""
    settings = StandaloneSettings()
    prepare_folder(settings)
    asyncio.run(_create_operator(settings, database, email, name, password))
    typer.echo(f"{email} runs the platform")


async def _create_operator(
    settings: StandaloneSettings, database: str | None, email: str, name: str, password: str
) -> None:
    app = Standalone(settings, {"identity": database} if database else {}).services["identity"].app
    await migrate.upgrade(app.database, IDENTITY.migrations)
    await create_operator(app, email, name, password)
    await app.database.close()


async def _run(settings: StandaloneSettings, *, demo: bool) -> None:
    configure_logs()
    async with running(settings) as standalone:
        if demo:
            await demo_data.fill_standalone(standalone)
            typer.echo(demo_data.WELCOME.format(address=settings.address))
        else:
            typer.echo(f"Netzraum runs at {settings.address}")
        front = (standalone.gateway.asgi, settings.host, settings.port)
        await listen(front, end_streams=standalone.gateway.live.end_all)


async def _demo(settings: StandaloneSettings) -> None:
    async with running(settings) as standalone:
        await demo_data.fill_standalone(standalone)
    typer.echo("the demo data are made; start with: netzraum run")
