"""`ibid index`: add files to a library, look into it, take papers out, check and rebuild it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.commands.options import JsonOption, LibraryOption
from rag.commands.output import console, plain, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.build import AddReport
    from index.library import Library
    from index.types import Paper

app = typer.Typer(help="Add, list, check and remove papers.", no_args_is_help=True)


@app.command()
def add(
    paths: Annotated[
        list[Path], typer.Argument(help="Files or folders; the format is read from the content.")
    ],
    library: LibraryOption = None,
    format: Annotated[str | None, typer.Option("--format", help="Read every file as this format.")] = None,
    as_json: JsonOption = False,
) -> int:
    """Add the papers of files and folders."""
    from index.build import add_paths
    from rag.embedder import load_encoder

    config = _config(library)
    with _progress() as step:
        report = add_paths(config.library, paths, load_encoder(config.embedder), format, step)
    if as_json:
        print_json(report.to_dict())
    else:
        _print_report(report, config.library)
    return _tell_failures(report, paths)


@app.command()
def info(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Counts, embedder and size of a library."""
    with _open(library) as opened:
        shape = opened.info().to_dict()
    if as_json:
        print_json(shape)
        return
    for name, value in shape.items():
        if name != "schema":
            sys.stdout.write(f"{name.replace('_', ' '):>18}  {plain(str(value))}\n")


@app.command("list")
def list_papers(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """All papers, one a line: id, year, title."""
    from index.cleaning import readable

    with _open(library) as opened:
        papers = list(opened.papers())
    if as_json:
        print_json([{"id": p.id, "title": p.title, "year": p.year, "date": p.date} for p in papers])
        return
    for paper in papers:
        sys.stdout.write(f"{plain(paper.id)}\t{paper.year or ''}\t{plain(readable(paper.label))}\n")


_SHOWN = (
    "id", "authors", "year", "date", "type", "venue", "volume", "issue", "pages", "publisher", "doi", "pmid",
    "arxiv_id", "url", "keywords", "retracted",
)  # fmt: skip


@app.command()
def show(
    paper_id: Annotated[str, typer.Argument(help="The id of a paper.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """One paper in full, with where it was read."""
    from dataclasses import asdict

    from index.cleaning import readable

    with _open(library) as opened:
        paper = opened.paper(paper_id)
    if as_json:
        print_json(asdict(paper))
        return
    sys.stdout.write(f"{plain(readable(paper.title or '(no title)'))}\n")
    for name in _SHOWN:
        value = getattr(paper, name)
        if value:
            sys.stdout.write(
                f"{name:>9}  {plain('; '.join(value) if isinstance(value, tuple) else str(value))}\n"
            )
    for version in paper.extra.get("versions", ()):
        sys.stdout.write(f"{'also':>9}  {plain(str(version))}\n")
    for source in paper.sources:
        sys.stdout.write(f"{'read from':>9}  {plain(source.path)}:{source.line} ({source.format})\n")
    cut = "\n(the source cut this abstract off)" if paper.truncated else ""
    sys.stdout.write(f"\n{plain(readable(paper.abstract))}{cut}\n")


@app.command()
def remove(
    paper_ids: Annotated[list[str], typer.Argument(help="Ids of papers.")], library: LibraryOption = None
) -> None:
    """Take papers out, with their text, chunks and vectors."""
    from index.build import remove_papers

    count = remove_papers(_config(library).library, paper_ids)
    sys.stdout.write(f"removed {count} paper{'s' if count != 1 else ''}\n")


@app.command()
def duplicates(
    library: LibraryOption = None,
    same: Annotated[
        tuple[str, str] | None, typer.Option("--same", help="Two ids of one work: make them one paper.")
    ] = None,
    different: Annotated[
        tuple[str, str] | None,
        typer.Option("--different", help="Two ids of two works: do not list them again."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Pairs of papers that may be one work; `--same` or `--different` settles one."""
    from index.catalog import Catalog
    from index.duplicates import doubtful_pairs, keep_apart, unite
    from rag.embedder import load_encoder

    config = _config(library)
    if same is not None:
        merged = unite(config.library, *same, load_encoder(config.embedder))
        sys.stdout.write(f"one paper now: {plain(merged.id)}\n")
    if different is not None:
        keep_apart(config.library, *different)
        sys.stdout.write(f"two papers: {plain(different[0])} and {plain(different[1])}\n")
    if same is None and different is None:
        with closing(Catalog.open(config.library)) as catalog:
            _print_pairs(list(doubtful_pairs(catalog)), as_json)


def _print_pairs(pairs: list[tuple[Paper, Paper]], as_json: bool) -> None:
    if as_json:
        shown = [
            [{"id": p.id, "title": p.title, "year": p.year, "doi": p.doi} for p in pair] for pair in pairs
        ]
        print_json({"schema": "ibid.duplicates/1", "pairs": shown})
        return
    for a, b in pairs:
        for paper in (a, b):
            about = ", ".join(plain(str(part)) for part in (paper.venue, paper.year, paper.doi) if part)
            sys.stdout.write(f"{plain(paper.id)}\t{plain(paper.label)} ({about})\n")
        sys.stdout.write("\n")
    settle = "; settle one with --same ID ID or --different ID ID" if pairs else ""
    sys.stderr.write(f"ibid: {len(pairs)} pairs may be one work each{settle}\n")


@app.command()
def verify(library: LibraryOption = None) -> int:
    """Check checksums, counts and ids of a library; exit 1 when something is wrong."""
    from index.audit import verify as check

    report = check(_config(library).library)
    for fault in report.faults:
        sys.stdout.write(f"{fault}\n")
    sys.stdout.write("sound\n" if not report.faults else "run `ibid index rebuild` to repair\n")
    return 1 if report.faults else 0


@app.command()
def rebuild(library: LibraryOption = None) -> None:
    """Make the search index anew; with another embedder, the vectors too."""
    from index.build import rebuild as make_anew
    from rag.embedder import load_encoder

    config = _config(library)
    with _progress() as step:
        report = make_anew(config.library, load_encoder(config.embedder), step)
    sys.stdout.write(f"{report.papers} papers, {report.chunks} chunks, {report.embedded} embedded anew\n")


@app.command()
def path(library: LibraryOption = None) -> None:
    """Where the library is."""
    sys.stdout.write(f"{_config(library).library}\n")


def _config(library: Path | None) -> Any:
    from rag.config import Config

    return Config.load(library=library)


@contextmanager
def _open(library: Path | None) -> Iterator[Library]:
    from index.library import Library

    with Library.open(_config(library).library) as opened:
        yield opened


@contextmanager
def _progress() -> Iterator[Callable[[int, int, Any], None] | None]:
    """A bar on stderr with count, rate and time left; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console(error=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def step(done: int, total: int, stage: Any) -> None:
            name = str(getattr(stage, "value", stage))
            if name not in tasks:
                tasks[name] = bar.add_task(name, total=total or None, rate="")
            speed = bar.tasks[tasks[name]].speed
            bar.update(
                tasks[name], completed=done, total=total or None, rate=f"{speed:.0f}/s" if speed else ""
            )

        yield step


def _tell_failures(report: AddReport, paths: list[Path]) -> int:
    """A line on stderr for each file that failed as a whole; the exit code.

    A file that was named fails the command, one of a folder does not: it may hold other things.
    """
    from index.readers.table import UNREADABLE

    named = {str(path) for path in paths}
    failed = 0
    for file in report.files:
        if file.format == UNREADABLE:
            failed += file.path in named
            sys.stderr.write(f"ibid: {plain(file.problems[0].why)}\n")
        elif file.read and file.read == file.skipped:
            failed += file.path in named
            first = file.problems[0] if file.problems else None
            why = f": line {first.line}: {plain(first.why)}" if first else ""
            sys.stderr.write(f"ibid: {plain(file.path)}: no record could be used{why}\n")
    return 1 if failed or not (report.new or report.duplicates) else 0


def _print_report(report: AddReport, library: Path) -> None:
    from index.readers.table import UNREADABLE

    for file in report.files:
        if file.format == UNREADABLE:
            continue
        sys.stdout.write(
            f"{plain(file.path)}: {file.format}, {file.read} read, {file.new} new, "
            f"{file.duplicates} duplicates, {file.skipped} skipped\n"
        )
        for problem in file.problems[:20]:
            sys.stdout.write(f"  line {problem.line}: {plain(problem.why)}\n")
        if len(file.problems) > 20:
            sys.stdout.write(f"  … and {len(file.problems) - 20} more problems\n")
    sys.stdout.write(
        f"{report.new} papers added to {library} in {report.seconds:.1f} s "
        f"({report.duplicates} duplicates, {report.skipped} skipped)\n"
    )
