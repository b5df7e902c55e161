"""`python -m ui`: the web app of a library on a loopback address."""

from __future__ import annotations

import argparse
import logging
import sys
import threading
import webbrowser
from collections.abc import Sequence
from pathlib import Path

from index.errors import IbidError, UsageError
from ui.answer_source import AnswerSource


def main(argv: Sequence[str] | None = None) -> int:
    """Parse, serve until interrupted, return the exit code of `contracts.md`."""
    args = _parser().parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        run(args)
    except IbidError as error:
        sys.stderr.write(f"ibid: {error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ibid ui", description="Open the web app of a library.")
    parser.add_argument("-L", "--library", type=Path, metavar="DIR", help="the library (default: yours)")
    parser.add_argument("--llm", metavar="NAME", help="the language model that writes the answers")
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on (default: this computer only)"
    )
    parser.add_argument("--port", type=int, default=7860, help="the port; the next free one when it is taken")
    parser.add_argument("--api-base", metavar="URL", help="where an OpenAI-compatible server answers")
    parser.add_argument(
        "--i-know", action="store_true", help="allow a host that others can reach: there is no login"
    )
    parser.add_argument("--open", action="store_true", help="open the page in the browser")
    return parser


def run(args: argparse.Namespace) -> None:
    """Open the library and serve its page until interrupted; models load once the page is up.

    :raises IbidError: the library cannot be opened, no port is free, or the host is not safe.
    """
    from ui.security import is_loopback, prepare_environment

    if not is_loopback(args.host) and not args.i_know:
        raise UsageError(
            f"{args.host} can be reached by others, and the page has no login. "
            "Leave --host out, or add --i-know."
        )
    upload_folder = prepare_environment()
    from rag.history import History, default_path
    from rag.wiring import open_library
    from ui.app import allowed_hosts, bind, build_app, mount, serve

    listener = bind(args.host, args.port)
    library = open_library(args.library, llm=args.llm, api_base=args.api_base)
    history = History(default_path())
    page = build_app(library, history)
    private = [library.path, history.path.parent]
    asgi = mount(page, upload_folder, private, hosts=allowed_hosts(args.host))

    def ready(address: str) -> None:
        sys.stdout.write(f"Ibid is at {address}\n")
        sys.stdout.flush()
        threading.Thread(target=_warm_up, args=(library,), name="ibid-warm-up", daemon=True).start()
        if args.open:
            webbrowser.open(address)

    serve(asgi, listener, ready=ready)


def _warm_up(library: AnswerSource) -> None:
    """Load the models; what fails here is told when a question meets it."""
    try:
        library.warm_up()
    except IbidError as error:
        logging.getLogger(__name__).warning("%s", error)


if __name__ == "__main__":
    raise SystemExit(main())
