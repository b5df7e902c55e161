"""Results kept one JSON line each as they come, so that an interrupted run goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Record = dict[str, Any]


class PartialResults:
    """Records by id, kept in a file, or in memory alone where there is no path.

    A last line that was torn by a kill is cut off; that record is made again.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.done: dict[str, Record] = _whole_lines(path) if path else {}

    @contextmanager
    def appending(self) -> Iterator[PartialResults]:
        """Keep the file open for `add`."""
        if self._path is None:
            yield self
            return
        with self._path.open("a", encoding="utf-8") as self._file:
            yield self

    def add(self, identity: str, record: Record) -> None:
        """Keep a record, at once and whole."""
        record = {"id": identity, **record}
        if self._path is not None:
            self._file.write(json.dumps(record, ensure_ascii=False) + "\n")
            self._file.flush()
        self.done[identity] = record


def partial_path(folder: Path | None, name: str, *parts: str) -> Path | None:
    """Where results that depend on `parts` are kept: with other data or another model, another file.

    The folder is made; without one there is no path.
    """
    if folder is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}-{content_key(*parts)[:10]}.jsonl"


def content_key(*parts: str | bytes) -> str:
    """64 hexadecimal digits that stand for these texts in this order."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def _whole_lines(path: Path) -> dict[str, Record]:
    if not path.is_file():
        return {}
    data = path.read_bytes()
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        os.truncate(path, whole)
    done = {}
    for line in data[:whole].split(b"\n"):
        try:
            record = json.loads(line)
            done[str(record["id"])] = record
        except (ValueError, KeyError, TypeError):
            continue
    return done
