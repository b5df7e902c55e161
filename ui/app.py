"""The web app: `build_app` puts the tabs together, `mount` secures them, `serve` runs them.

`build_app` takes any library of the shape `ui.answer_source.AnswerSource`. No event is public:
the page is the only client.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import fastapi
import gradio as gr
import uvicorn

from index.errors import UsageError
from rag.history import History
from rag.review.kept import KeptReviews
from ui import theme
from ui.answer_source import AnswerSource
from ui.ask import AskTab
from ui.cite import CiteTab
from ui.conversations import ConversationsTab
from ui.events import listen
from ui.fragment import fragment
from ui.help import HELP
from ui.library import LibraryTab
from ui.review import ReviewTab
from ui.screen import ScreenTab
from ui.security import LARGEST_FILE, LOOPBACK_NAMES, blocked_paths, is_loopback, protect

DEFAULT_PORT = 7860
PORTS_TRIED = 40
NO_DOCS: dict[str, Any] = {"docs_url": None, "redoc_url": None, "openapi_url": None}
MASTHEAD = (
    '<header class="masthead"><h1>Ibid</h1>'
    "<p>Answers from your papers, every sentence with its source</p>"
    '<a class="scheme" href="#scheme">Light or dark</a></header>'
)


def build_app(source: AnswerSource, history: History | None) -> gr.Blocks:
    """The page over a library; without a history there is no History tab and nothing is kept."""
    with gr.Blocks(title="Ibid", analytics_enabled=False, delete_cache=(600, 3600)) as app:
        fragment(MASTHEAD, elem_id="masthead")
        with gr.Tabs(elem_id="tabs", selected="ask") as tabs:
            with gr.Tab("Ask", id="ask"):
                ask = AskTab(source, history)
            with gr.Tab("Cite", id="cite"):
                CiteTab(source)
            with gr.Tab("Review", id="review"):
                review = ReviewTab(source, kept_reviews(source, history))
            with gr.Tab("Screen", id="screen") as screen_tab:
                screen = ScreenTab(source)
            with gr.Tab("Library", id="library") as library_tab:
                library = LibraryTab(source)
            if history is not None:
                with gr.Tab("History", id="history") as history_tab:
                    kept = ConversationsTab(history, ask, tabs)
                listen(history_tab.select, kept.load, kept.choice, kept.listing, says=True)
                listen(app.load, kept.load, None, kept.listing, says=True)
            listen(app.load, kept.load_switch, None, kept.keep)
            with gr.Tab("Help", id="help"):
                fragment(HELP, elem_id="help")
        listen(app.load, ask.load_examples, None, ask.examples, says=True)
        listen(app.load, review.load, None, review.outputs)
        listen(app.load, library.load_summary, None, library.summary)
        listen(library_tab.select, *library.reading)
        listen(screen_tab.select, screen.load, screen.now, screen.shown)
    app.queue(max_size=16, default_concurrency_limit=1, api_open=False)
    app.state_session_capacity = 100
    return app


def kept_reviews(source: AnswerSource, history: History | None) -> KeptReviews | None:
    """The reviews of a library, in a file beside the history; None where nothing is kept."""
    return KeptReviews(history.path.with_name("reviews.sqlite3"), source.path) if history else None


def mount(
    app: gr.Blocks, upload_folder: Path, private: Iterable[Path], *, hosts: Iterable[str] = LOOPBACK_NAMES
) -> fastapi.FastAPI:
    """The page as a secured ASGI app; `private` folders are never served from."""
    outer = fastapi.FastAPI(**NO_DOCS)
    protect(outer, upload_folder, hosts=hosts)
    return gr.mount_gradio_app(
        outer,
        app,
        path="/",
        app_kwargs=dict(NO_DOCS),  # Gradio adds to it
        footer_links=[],
        run_history=False,
        allowed_paths=[],
        blocked_paths=blocked_paths([*private, Path.home(), Path.cwd()], upload_folder),
        show_error=False,
        max_file_size=LARGEST_FILE,
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        theme=theme.theme(),
        css=theme.css(),
        head=theme.head(),
        favicon_path=str(theme.ASSETS / "favicon.png"),
    )


def bind(host: str, port: int = DEFAULT_PORT) -> socket.socket:
    """A listening socket on the first free port from `port` on; 0 takes any.

    :raises UsageError: none of them is free, or the host is not of this computer.
    """
    error: OSError | None = None
    for candidate in range(port, min(port + PORTS_TRIED, 65_536)) if port else [0]:
        listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
            listener.listen(128)
            return listener
        except OSError as failure:
            listener.close()
            error = failure
    reason = error.strerror if error is not None else "no port was tried"
    raise UsageError(f"Cannot listen on {host} port {port}: {reason}. Give another --port.")


def allowed_hosts(host: str) -> list[str]:
    """The names the page answers to when bound to this host."""
    if is_loopback(host):
        return LOOPBACK_NAMES
    return ["*"] if host in ("0.0.0.0", "::") else [*LOOPBACK_NAMES, host]


def server_for(asgi: fastapi.FastAPI) -> uvicorn.Server:
    """The server, not yet running; it logs no requests, as their bodies are questions."""
    return uvicorn.Server(
        uvicorn.Config(
            asgi,
            log_level="warning",
            access_log=False,
            ws="none",
            lifespan="on",
            timeout_graceful_shutdown=1,  # an open page holds a connection for as long as it is open
        )
    )


def serve(
    asgi: fastapi.FastAPI, listener: socket.socket, *, ready: Callable[[str], None] = lambda address: None
) -> None:
    """Run until interrupted; `ready` is called with the address once the page can be fetched."""
    server = server_for(asgi)
    pause = threading.Event()

    def announce() -> None:
        while not server.started and not server.should_exit:
            pause.wait(0.05)
        if server.started:
            ready(address_of(listener))

    threading.Thread(target=announce, name="ibid-announce", daemon=True).start()
    server.run(sockets=[listener])


def address_of(listener: socket.socket) -> str:
    """Where a browser finds what listens there."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
