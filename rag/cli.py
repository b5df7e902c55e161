"""The command line: names and options of every command, and how errors reach the user.

Only typer is imported here; a command's own imports happen when it runs, so that `ibid --help`
answers at once and `ibid search` loads no language model.
"""

from __future__ import annotations

import os
import sys
from typing import Any, NoReturn

import typer

from index.errors import IbidError
from rag.commands import (
    ask,
    check,
    cite,
    compare,
    config,
    demo,
    doctor,
    evaluate,
    export,
    models,
    review,
    screen,
    search,
    ui,
)
from rag.commands import library as index
from rag.commands.output import plain

_INTERRUPTED = 130

app = typer.Typer(
    name="ibid",
    help="Ask a pile of scientific abstracts; every sentence says where it comes from.",
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help: loading rich for its boxes would take longer than all the rest
    pretty_exceptions_enable=False,
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(demo.demo)
app.add_typer(index.app, name="index")
app.command("search")(search.search)
app.command("ask")(ask.ask)
app.command("cite")(cite.cite)
app.command("check")(check.check)
app.add_typer(review.app, name="review")
app.command("compare")(compare.compare)
app.add_typer(screen.app, name="screen")
app.command("export")(export.export)
app.add_typer(evaluate.app, name="eval")
app.command("ui")(ui.ui)
app.add_typer(models.app, name="models")
app.add_typer(config.app, name="config")
app.command("doctor")(doctor.doctor)


@app.callback()
def start() -> None:
    """Let warnings of the library code reach the user as notices."""
    import logging

    logging.basicConfig(level=logging.WARNING, format="ibid: %(message)s")


def main(argv: list[str] | None = None) -> None:
    """Run a command and exit with its code; an expected failure is one line on stderr."""
    try:
        code = app(args=argv, prog_name="ibid", standalone_mode=False)
        sys.stdout.flush()
        if code == _INTERRUPTED:  # typer turns Ctrl-C into this code
            raise KeyboardInterrupt
        sys.exit(code if isinstance(code, int) else 0)
    except IbidError as error:
        _fail(str(error), error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        _fail("interrupted", _INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on; end quietly
        sys.exit(0)
    except OSError as error:
        place = f"{error.filename}: " if error.filename is not None else ""
        _fail(f"{place}{error.strerror or error}", 1)
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        _fail_usage(error)


def _fail(message: str, code: int) -> NoReturn:
    sys.stderr.write(f"ibid: {' '.join(plain(message).splitlines())}\n")
    sys.exit(code)


def _fail_usage(error: Any) -> NoReturn:
    """Typer's own errors: the help where nothing was asked for, else one line and where help is."""
    message = error.format_message()
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(message + "\n")
        sys.exit(2)
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "ibid"
    _fail(f"{message.rstrip('.')}; see `{command} --help`", 2)
