"""Building a library: add what was read, remove papers, embed anew.

    read → recognise known papers → chunk → embed what changed → commit a batch → publish

A batch is committed as a whole: an add that is interrupted keeps every batch before. The search
index is published once at the end; if that does not happen, the next `Library.open` does it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from index.catalog import Catalog
from index.chunking import CHUNKER
from index.database import CATALOG_FILE
from index.edits import editing
from index.encoders import EmbedderId, Encoder
from index.errors import EmbedderMismatch, LibraryError, ReadError
from index.intake import BATCH, Intake, Stage, Stages
from index.library import mismatch
from index.lock import writer_lock
from index.publish import publish
from index.reembed import reembed, stale
from index.types import FileReading, Problem

_OURS = ("writer.", "catalog.sqlite", ".tmp-gen-", "gen-", "CURRENT")  # an interrupted creation leaves these


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file's records: read = new + duplicates + skipped."""

    path: str
    format: str
    read: int
    new: int
    duplicates: int
    skipped: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class AddReport:
    """What an add did; `to_dict` is the public shape `ibid.add/1`."""

    files: tuple[FileReport, ...]
    seconds: float

    @property
    def read(self) -> int:
        """Records met."""
        return sum(f.read for f in self.files)

    @property
    def new(self) -> int:
        """Papers that the library did not hold."""
        return sum(f.new for f in self.files)

    @property
    def duplicates(self) -> int:
        """Records of papers that were there already; what they add is merged in."""
        return sum(f.duplicates for f in self.files)

    @property
    def skipped(self) -> int:
        """Records that could not be used."""
        return sum(f.skipped for f in self.files)

    def to_dict(self) -> dict[str, Any]:
        """The public shape."""
        totals = {name: getattr(self, name) for name in ("read", "new", "duplicates", "skipped")}
        files = [asdict(f) | {"problems": [asdict(p) for p in f.problems]} for f in self.files]
        return {"schema": "ibid.add/1", "files": files, **totals, "seconds": round(self.seconds, 3)}


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """What a rebuild did: papers and chunks held, chunks embedded anew, the generation published."""

    papers: int
    chunks: int
    embedded: int
    generation: int


def is_library(path: Path | str) -> bool:
    """Whether a folder holds a library."""
    return (Path(path) / CATALOG_FILE).is_file()


def create_library(path: Path | str, embedder: EmbedderId) -> None:
    """Make an empty library; an existing one of the same embedder is left as it is.

    :raises LibraryError: when the path is a file, or a folder that holds something else.
    """
    with _writing_or_new(Path(path), embedder) as catalog:
        publish(catalog)


def add_paths(
    path: Path | str,
    paths: Sequence[Path | str],
    encoder: Encoder,
    format: str | None = None,
    progress: Stages | None = None,
) -> AddReport:
    """Read files and folders and add their papers; the library is made when it is absent.

    A file that cannot be read is reported with the reason, and the others are added.

    :param progress: called with (done, total, stage); total is 0 while it is not known.
    :raises ReadError: when there is one file and it cannot be read; the library is not touched then.
    """
    from index.readers.table import UNREADABLE, read_paths

    began, readings = time.monotonic(), []
    for reading in read_paths([Path(p) for p in paths], format):
        readings.append(reading)
        if progress:
            progress(len(readings), 0, Stage.READING)
    if all(reading.format == UNREADABLE for reading in readings):
        if len(readings) == 1:
            raise ReadError(readings[0].problems[0].why)
        files = (FileReport(r.path, r.format, 0, 0, 0, 0, r.problems) for r in readings)
        return AddReport(tuple(files), time.monotonic() - began)
    return add_readings(path, readings, encoder, progress)


def add_readings(
    path: Path | str, readings: Iterable[FileReading], encoder: Encoder, progress: Stages | None = None
) -> AddReport:
    """Add papers that have been read; the library is made when it is absent.

    :raises LibraryError: when the library cannot be written, or holds something else.
    :raises EmbedderMismatch: when the library was made with another embedder.
    """
    began = time.monotonic()
    readings = list(readings)
    with _writing_or_new(Path(path), encoder.id) as catalog:
        intake = Intake(catalog, encoder, progress)
        files = [_take(intake, reading) for reading in readings]
        files = _corrected(files, intake.commit())
        _publish(catalog, progress)
    return AddReport(tuple(files), time.monotonic() - began)


def _take(intake: Intake, reading: FileReading) -> FileReport:
    new = duplicates = 0
    problems = list(reading.problems)
    for paper in reading.papers:
        if not paper.abstract.strip() and not (paper.title or "").strip():
            line = paper.sources[0].line if paper.sources else 1
            problems.append(Problem(line, "neither title nor abstract"))
        elif intake.take(paper):
            new += 1
        else:
            duplicates += 1
    empty = len(reading.papers) - new - duplicates
    read = max(reading.read, len(reading.papers) + reading.skipped)
    return FileReport(
        reading.path, reading.format, read, new, duplicates, reading.skipped + empty, tuple(problems)
    )


def _corrected(files: list[FileReport], new: int) -> list[FileReport]:
    """Counts that agree with the library, after late records have shown papers to be one."""
    excess = sum(f.new for f in files) - new
    corrected = []
    for report in reversed(files):
        moved = min(excess, report.new)
        excess -= moved
        corrected.append(replace(report, new=report.new - moved, duplicates=report.duplicates + moved))
    return corrected[::-1]


def _publish(catalog: Catalog, progress: Stages | None, *, anew: bool = False) -> int:
    if progress:
        progress(0, 1, Stage.PUBLISHING)
    generation = publish(catalog, anew=anew).generation
    if progress:
        progress(1, 1, Stage.PUBLISHING)
    return generation


def remove_papers(path: Path | str, ids: Iterable[str]) -> int:
    """Delete papers with all text that came from them, on disk as well; returns how many.

    :raises LibraryError: for an unknown id, before anything is removed.
    """
    library = Path(path)
    wanted = list(dict.fromkeys(ids))
    with writing(library) as catalog:
        for paper_id in wanted:
            catalog.paper(paper_id)
        if wanted:
            with editing(catalog) as edit:
                for paper_id in wanted:
                    edit.remove(paper_id)
        publish(catalog)
        if wanted:
            catalog.compact()
    return len(wanted)


def rebuild(
    path: Path | str, encoder: Encoder | None = None, progress: Stages | None = None
) -> RebuildReport:
    """Make the search index anew; embed everything anew when the encoder or the chunker changed.

    With the encoder that made the library, only texts are embedded that are cleaned differently
    by now; without one, nothing is.
    Embedding continues where an interrupted rebuild stopped; until it is whole, the library
    keeps its old vectors.
    """
    with writing(Path(path)) as catalog:
        state, embedded = catalog.state(), 0
        if encoder is not None and (encoder.id, CHUNKER) != (state.embedder, state.chunker):
            embedded = reembed(catalog, encoder, BATCH, progress)
        elif encoder is not None:
            embedded = Intake(catalog, encoder, progress).store(stale(catalog))
        generation = _publish(catalog, progress, anew=True)
        state = catalog.state()
    return RebuildReport(state.papers, state.chunks, embedded, generation)


@contextmanager
def _writing_or_new(path: Path, embedder: EmbedderId) -> Iterator[Catalog]:
    """The catalogue of a library that is made when it is absent, under the writer lock."""
    library = _prepared(path)
    with writer_lock(library):
        catalog = _open_or_create(library, embedder)
        try:
            yield catalog
        finally:
            catalog.close()


@contextmanager
def writing(library: Path) -> Iterator[Catalog]:
    """The catalogue of an existing library, under the writer lock."""
    Catalog.open(library).close()  # says what is wrong before a lock file is made
    with writer_lock(library):
        catalog = Catalog.open(library)
        try:
            yield catalog
        finally:
            catalog.close()


def _prepared(library: Path) -> Path:
    """The folder of a library, made when absent. :raises LibraryError: when it holds something else."""
    if library.exists() and not library.is_dir():
        raise LibraryError(f"{library} is a file; name a folder for the library with -L")
    if library.is_dir() and not is_library(library):
        foreign = sorted(e.name for e in library.iterdir() if not e.name.startswith(_OURS))
        if foreign:
            raise LibraryError(
                f"{library} is a folder with other things in it ({', '.join(foreign[:3])}) and no library; "
                "name an empty or new folder with -L"
            )
    try:
        library.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(f"{library} cannot be made: {error.strerror or error}") from error
    return library


def _open_or_create(library: Path, embedder: EmbedderId) -> Catalog:
    if not is_library(library) or not Catalog.has_tables(library):
        return Catalog.create(library, embedder, CHUNKER)
    catalog = Catalog.open(library)
    state = catalog.state()
    if state.embedder != embedder:
        catalog.close()
        raise EmbedderMismatch(mismatch(library, state.embedder, embedder))
    if state.chunker != CHUNKER:
        catalog.close()
        raise LibraryError(
            f"{library} was cut into chunks by {state.chunker!r}, this Ibid uses {CHUNKER!r}; "
            f"run `ibid index rebuild -L {library}` first"
        )
    return catalog
