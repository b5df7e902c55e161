"""`ibid demo`: the bundled papers indexed, and the web app opened on them."""

from __future__ import annotations

import sys
from importlib.resources import as_file, files
from typing import Annotated

import typer

from rag.commands.options import LlmOption


def demo(
    port: Annotated[int, typer.Option("--port", help="Port; the next free one when it is taken.")] = 7860,
    llm: LlmOption = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the browser too.")] = False,
) -> None:
    """Try Ibid out on 306 bundled summaries of papers."""
    from rag.commands.ui import start_ui
    from rag.config import demo_library

    library = demo_library()
    prepare_demo()
    arguments = ["-L", str(library), "--port", str(port)]
    start_ui(arguments + (["--llm", llm] if llm else []) + ["--open"] * open_browser)


def prepare_demo() -> None:
    """Index and read the bundled papers where that has not been done: the first answer comes at once then."""
    from index.build import add_paths, is_library
    from index.library import Library
    from rag.commands.library import _progress
    from rag.config import Config, demo_library
    from rag.embedder import load_encoder
    from rag.wiring import OpenedLibrary

    library = demo_library()
    if is_library(library):
        with Library.open(library) as opened:
            if opened.info().papers:
                return
    sys.stderr.write("Indexing the bundled papers (once) …\n")
    encoder = load_encoder()
    with as_file(files("index") / "demo" / "papers.jsonl") as path, _progress() as step:
        report = add_paths(library, [path], encoder, progress=step)
        with Library.open(library, encoder.id) as opened:
            OpenedLibrary(opened, encoder, Config(library, llm="none")).read_ahead(step)
    sys.stderr.write(f"{report.new} papers in {report.seconds:.1f} s\n")
