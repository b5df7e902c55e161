"""The command line: names and options of every command, and how errors reach the user.

Only typer is imported here; a command's own imports happen when it runs, so that `ibid --help`
answers at once and `ibid search` loads no language model.
"""

from __future__ import annotations

import os
import sys

import typer

from index.errors import IbidError
from rag.commands import ask, config, demo, doctor, models, search, ui
from rag.commands import library as index

app = typer.Typer(
    name="ibid",
    help="Ask a pile of scientific abstracts; every sentence says where it comes from.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(demo.demo)
app.add_typer(index.app, name="index")
app.command("search")(search.search)
app.command("ask")(ask.ask)
app.command("ui")(ui.ui)
app.add_typer(models.app, name="models")
app.add_typer(config.app, name="config")
app.command("doctor")(doctor.doctor)


def main(argv: list[str] | None = None) -> None:
    """Run a command and exit with its code; an expected failure is one line on stderr."""
    # Idle OpenMP threads that spin would slow llama.cpp and torch several times on a busy machine;
    # the libraries read this when they are loaded, so it is set before any command imports them.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        code = app(args=argv, standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except IbidError as error:
        _say(str(error))
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        _say("interrupted")
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on; end quietly
        sys.exit(0)
    except Exception as error:
        if hasattr(error, "format_message"):  # typer's own usage errors
            _say(f"{error.format_message()}; see `ibid --help`")
            sys.exit(2)
        raise


def _say(message: str) -> None:
    sys.stderr.write(f"ibid: {message}\n")
