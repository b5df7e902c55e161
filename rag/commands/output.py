"""What commands read and write: files of questions, JSON and results, text made safe to show."""

from __future__ import annotations

import json
import sys
import unicodedata
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from rich.console import Console


def print_json(value: Any) -> None:
    """One JSON document and a line end."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def console(*, error: bool = False) -> Console:
    """A rich console that follows NO_COLOR and plain pipes; markup in text is off."""
    from rich.console import Console

    return Console(
        stderr=error, markup=False, highlight=False, emoji=False, soft_wrap=not sys.stdout.isatty()
    )


def plain(text: str) -> str:
    """Text from a file or a model without control characters, which could drive the terminal."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))


def read_lines(path: Path, what: str) -> list[tuple[int, str]]:
    """The lines of a JSONL file that are not blank, with their numbers. :param what: what it should hold.

    Split at line feeds alone: JSON strings may hold other characters that Python takes for line ends.
    """
    from rag.evaluate.lines import numbered, read_text

    return list(numbered(read_text(path, what, "JSONL file")))


def put(pieces: Iterable[str], out: Path | None) -> None:
    """Write to stdout, or to a file that is whole or not there."""
    if out is None:
        for piece in pieces:
            sys.stdout.write(piece)
        return
    with _whole(out) as part, part.open("w", encoding="utf-8", newline="") as file:
        file.writelines(pieces)
    sys.stderr.write(f"ibid: wrote {out}\n")


def put_bytes(data: bytes, out: Path) -> None:
    """Write a file that is whole or not there."""
    with _whole(out) as part:
        part.write_bytes(data)
    sys.stderr.write(f"ibid: wrote {out}\n")


@contextmanager
def _whole(out: Path) -> Iterator[Path]:
    """A file beside `out` that takes its place when all went well."""
    part = out.with_name(f".{out.name}.part")
    try:
        yield part
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
