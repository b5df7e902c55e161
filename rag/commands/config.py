"""`ibid config`: the settings in force and where they come from."""

from __future__ import annotations

import sys

import typer

from rag.commands.output import plain

app = typer.Typer(help="Show settings.", no_args_is_help=True)


@app.command()
def show() -> None:
    """Every setting, its value and its origin."""
    from rag.config import origins

    for name, (value, origin) in origins().items():
        sys.stdout.write(f"{name:<10} {plain(str(value))}  ({origin})\n")


@app.command()
def path() -> None:
    """Where the settings file is, or would be."""
    from rag.config import config_path

    sys.stdout.write(f"{config_path()}\n")
