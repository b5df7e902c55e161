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


def main(argv: Sequence[str] | None = None) -> int:
    """Parse, serve until interrupted, return the exit code of `contracts.md`."""
    args = _parser().parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        run(
            args.library,
            llm=args.llm,
            host=args.host,
            port=args.port,
            i_know=args.i_know,
            open_page=args.open,
        )
    except IbidError as error:
        print(f"ibid: {error}", file=sys.stderr)
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
    parser.add_argument("--port", type=int, help="the port (default: 7860, or the next free one)")
    parser.add_argument(
        "--i-know", action="store_true", help="allow a host that others can reach: there is no login"
    )
    parser.add_argument("--open", action="store_true", help="open the page in the browser")
    return parser


def run(
    library: Path | None = None,
    *,
    llm: str | None = None,
    host: str = "127.0.0.1",
    port: int | None = None,
    i_know: bool = False,
    open_page: bool = False,
) -> None:
    """Open the library and serve its page until interrupted; models load once the page is up.

    :raises IbidError: the library cannot be opened, the port is taken, or the host is not safe.
    """
    from ui.security import is_loopback, prepare_environment

    if not is_loopback(host) and not i_know:
        raise UsageError(
            f"{host} can be reached by others, and the page has no login. Leave --host out, or add --i-know."
        )
    upload_folder = prepare_environment()
    from rag.history import History, default_path
    from rag.wiring import open_library
    from ui.app import allowed_hosts, bind, build_app, mount, serve

    listener = bind(host, port)
    opened = open_library(library, llm=llm)
    history = History(default_path())
    asgi = mount(
        build_app(opened, history),
        upload_folder,
        [opened.path, history.path.parent],
        hosts=allowed_hosts(host),
    )

    def ready(address: str) -> None:
        print(f"Ibid is at {address}", flush=True)
        threading.Thread(target=opened.warm_up, name="ibid-warm-up", daemon=True).start()
        if open_page:
            webbrowser.open(address)

    serve(asgi, listener, ready=ready)


if __name__ == "__main__":
    raise SystemExit(main())
