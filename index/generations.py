"""Search indexes on disk: numbered folders that are written whole, named by a pointer, checked by hash.

    CURRENT                  the name of the folder that is in use
    gen-000012/vectors.faiss
    gen-000012/lexical/...
    gen-000012/manifest.json schema, transaction, counts, size and SHA-256 of every file
    .tmp-*                   a folder in the making; swept by the next writer

A generation never changes once it is published. It is either intact, to the last bit, or not
used: damage is found by the checksums before any parser sees a file.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index import disk
from index.encoders import EmbedderId

CURRENT_FILE = "CURRENT"
MANIFEST_FILE = "manifest.json"
VECTORS_FILE = "vectors.faiss"
LEXICAL_FOLDER = "lexical"
MANIFEST_SCHEMA = "ibid.generation/1"
KEPT = 2

_NAME = re.compile(r"gen-(\d{6,})\Z")
_LOCKS = {".tantivy-meta.lock", ".tantivy-writer.lock"}  # no content; come and go with use


class Damaged(Exception):
    """A generation that does not hold what its manifest says; the text tells what."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made from, and what must be found in it."""

    generation: int
    library: str
    txn: int
    papers: int
    chunks: int
    embedder: EmbedderId
    chunker: str
    lexical: str
    metric: str
    writer: str
    files: dict[str, dict[str, Any]]  # relative path -> {"bytes": int, "sha256": str}
    schema: str = MANIFEST_SCHEMA

    def to_json(self) -> str:
        """The text of manifest.json."""
        return json.dumps(asdict(self), indent=1, sort_keys=True)

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest of a generation. :raises Damaged: when it is missing or is none."""
        try:
            record = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
            if record["schema"] != MANIFEST_SCHEMA:
                raise Damaged(f"{folder.name} has manifest schema {record['schema']}")
            record["embedder"] = EmbedderId(**record["embedder"])
            return cls(**record)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise Damaged(f"{folder.name} has no usable manifest ({error})") from error


def folder_name(generation: int) -> str:
    """The folder of a generation."""
    return f"gen-{generation:06d}"


def numbers(library: Path) -> list[int]:
    """The generations on disk, newest first."""
    found = [_NAME.match(entry.name) for entry in library.iterdir() if entry.is_dir()]
    return sorted((int(match[1]) for match in found if match), reverse=True)


def current(library: Path) -> int | None:
    """The generation that CURRENT names; None when there is no usable pointer."""
    try:
        match = _NAME.match((library / CURRENT_FILE).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None
    return int(match[1]) if match else None


def verified(library: Path, generation: int) -> Manifest:
    """The manifest of a generation whose files are all there and unchanged. :raises Damaged:."""
    folder = library / folder_name(generation)
    manifest = Manifest.read(folder)
    if manifest.generation != generation:
        raise Damaged(f"{folder.name} holds generation {manifest.generation}")
    present = _files(folder)
    if set(present) != set(manifest.files):
        odd = sorted(set(present) ^ set(manifest.files))
        raise Damaged(f"{folder.name} has missing or foreign files: {', '.join(odd[:3])}")
    for name, facts in manifest.files.items():
        path = folder / name
        try:
            if path.stat().st_size != facts["bytes"] or disk.sha256(path) != facts["sha256"]:
                raise Damaged(f"{folder.name}/{name} is not what was written")
        except OSError as error:
            raise Damaged(f"{folder.name}/{name} cannot be read ({error.strerror})") from error
    return manifest


def _files(folder: Path) -> list[str]:
    found = [path for path in folder.rglob("*") if path.is_file() and path.name not in _LOCKS]
    names = [path.relative_to(folder).as_posix() for path in found]
    return [name for name in names if name != MANIFEST_FILE]


def publish(library: Path, fill: Callable[[Path], None], describe: Callable[..., Manifest]) -> Manifest:
    """Make the next generation and point CURRENT at it. The caller holds the writer lock.

    :param fill: writes the files into the folder it is given.
    :param describe: makes the manifest from `generation=` and `files=`.
    """
    generation = max(numbers(library) + [current(library) or 0]) + 1
    building = library / f".tmp-{folder_name(generation)}-{os.getpid()}"
    disk.remove_tree(building)
    building.mkdir()
    fill(building)
    files = {name: _facts(building / name) for name in sorted(_files(building))}
    for name in files:
        disk.sync_file(building / name)
    manifest = describe(generation=generation, files=files)
    disk.write_file(building / MANIFEST_FILE, manifest.to_json().encode())
    for folder in [path for path in building.rglob("*") if path.is_dir()] + [building]:
        disk.sync_dir(folder)
    disk.replace(building, library / folder_name(generation))
    disk.sync_dir(library)
    point(library, generation)
    return manifest


def _facts(path: Path) -> dict[str, Any]:
    return {"bytes": path.stat().st_size, "sha256": disk.sha256(path)}


def point(library: Path, generation: int) -> None:
    """Make CURRENT name a generation, in one step."""
    pending = library / f"{CURRENT_FILE}.tmp"
    disk.write_file(pending, folder_name(generation).encode() + b"\n")
    disk.replace(pending, library / CURRENT_FILE)
    disk.sync_dir(library)


def sweep(library: Path, oldest: int, newest: int) -> None:
    """Delete leftovers and old generations. The caller holds the writer lock.

    Generations of a transaction before `oldest` hold deleted text, those after `newest` belong to
    a catalogue that has been replaced by a backup: both go whatever their age.
    """
    for entry in library.iterdir():
        if entry.name.startswith(".tmp-gen-") or entry.name == f"{CURRENT_FILE}.tmp":
            disk.remove_tree(entry)
    named = current(library)
    held = numbers(library)
    older = [n for n in held if named is not None and n < named]
    usable = [n for n in older if oldest <= _transaction(library, n) <= newest]
    for generation in set(held) - {named, *usable[: KEPT - 1]}:
        disk.remove_tree(library / folder_name(generation))


def _transaction(library: Path, generation: int) -> int:
    try:
        return Manifest.read(library / folder_name(generation)).txn
    except Damaged:
        return -1
