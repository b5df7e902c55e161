"""`ibid ui`: the web app, as a process of its own so that the command line never imports it."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from rag.commands.options import ApiBaseOption, LibraryOption, LlmOption


def ui(
    library: LibraryOption = None,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port; the next free one when it is taken.")] = 7860,
    llm: LlmOption = None,
    api_base: ApiBaseOption = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the browser too.")] = False,
    i_know: Annotated[bool, typer.Option("--i-know", help="Allow a host that others can reach.")] = False,
) -> None:
    """Open the web app on a library."""
    arguments = ["--host", host, "--port", str(port)]
    for flag, value in (("-L", library), ("--llm", llm), ("--api-base", api_base)):
        if value is not None:
            arguments += [flag, str(value)]
    arguments += ["--open"] * open_browser + ["--i-know"] * i_know
    start_ui(arguments)


def start_ui(arguments: list[str]) -> None:
    """Become the web app's process."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "ui", *arguments])
