"""`ibid review`: a literature review drafted from the library, revised by instruction, kept up to date."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from rag.commands.options import (
    ApiBaseOption,
    JsonOption,
    LibraryOption,
    LlmOption,
    YearOption,
    parse_years,
)
from rag.commands.output import print_json

if TYPE_CHECKING:
    from rag.review.collect import Collection, Wanted
    from rag.review.document import Review
    from rag.review.names import Names
    from rag.review.outline import Outline
    from rag.review.reviewer import Reviewer
    from rag.wiring import OpenedLibrary


class _DraftFirst(TyperGroup):
    """`ibid review TOPIC` drafts; only the names of the other commands are commands."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or args[0] not in self.commands:
            args = ["draft", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=_DraftFirst, help="Draft a literature review from the library.", no_args_is_help=False)

OutOption = Annotated[
    list[Path] | None,
    typer.Option("-o", "--out", help="File: .md, .docx, .tex or .html; again for another form."),
]
WordsOption = Annotated[
    list[str] | None, typer.Option("--include", help="Only papers with this word; again: or.")
]
ExcludeOption = Annotated[list[str] | None, typer.Option("--exclude", help="No paper with this word.")]
WithOption = Annotated[list[str] | None, typer.Option("--with", help="Take this paper (id or key).")]
PicturesOption = Annotated[
    Path | None,
    typer.Option("--pictures", help="Folder for timeline, map of topics and coverage, as SVG and PNG."),
]
WithoutOption = Annotated[
    list[str] | None, typer.Option("--without", help="Leave this paper out (id or key).")
]


@app.command("draft", epilog="Also: ibid review revise FILE INSTRUCTION · ibid review update FILE")
def draft(
    topic: Annotated[str, typer.Argument(help="What the review is about: words or a question.")] = "",
    library: LibraryOption = None,
    out: OutOption = None,
    bib: Annotated[
        Path | None, typer.Option("--bib", help="Bibliography [default: beside the file].")
    ] = None,
    outline: Annotated[Path | None, typer.Option("--outline", help="Write from this outline.")] = None,
    outline_only: Annotated[
        bool, typer.Option("--outline-only", help="Write only the outline, to be edited.")
    ] = False,
    length: Annotated[str, typer.Option("--length", help="short, medium or long.")] = "medium",
    include: WordsOption = None,
    exclude: ExcludeOption = None,
    year: YearOption = None,
    with_: WithOption = None,
    without: WithoutOption = None,
    k: Annotated[int, typer.Option("-k", help="Papers at most.", min=1, max=200)] = 40,
    llm: LlmOption = None,
    api_base: ApiBaseOption = None,
    as_json: JsonOption = False,
    pictures: PicturesOption = None,
) -> None:
    """Draft a review of the papers on a topic; every sentence on a paper cites its passage."""
    from index.errors import UsageError
    from rag.review.collect import Wanted
    from rag.review.draft import LENGTHS
    from rag.review.formats import find_form
    from rag.wiring import open_library

    if length not in LENGTHS:
        raise UsageError(f"--length {length!r} does not exist; choose {', '.join(LENGTHS)}")
    if not topic.strip() and outline is None:
        raise UsageError(
            'give a topic, as in: ibid review "self-supervised learning in pathology" -o review.md'
        )
    for path in () if outline_only else out or ():
        find_form(path)
    low, high = parse_years(year)
    opened = open_library(library, llm="none" if outline_only else llm, api_base=api_base)
    ids = _names(opened)
    wanted = Wanted(
        topic, tuple(include or ()), tuple(exclude or ()), low, high, ids.of(with_), ids.of(without), k
    )
    if outline_only:
        _write_outline(opened.reviewer, wanted, ids, out[0] if out else None)
        return
    wake(opened)
    plan, collection = _plan(opened.reviewer, wanted, outline, ids)
    _write_review(opened.reviewer, plan, collection, _Target(out or [], bib, length, as_json, pictures))


@app.command("revise")
def revise(
    file: Annotated[Path, typer.Argument(help="A review that was written with -o.")],
    instruction: Annotated[str, typer.Argument(help='As in "shorten section 2; add a section on …".')],
    library: LibraryOption = None,
    out: OutOption = None,
    bib: Annotated[
        Path | None, typer.Option("--bib", help="Bibliography [default: beside the file].")
    ] = None,
    llm: LlmOption = None,
    api_base: ApiBaseOption = None,
    as_json: JsonOption = False,
    pictures: PicturesOption = None,
) -> None:
    """Change a review section by section and check it again; what you edited in its Markdown is kept."""
    from rag.review.formats import render_all
    from rag.review.instruction import read_instruction
    from rag.review.record import to_dict
    from rag.review.revise import Reviser
    from rag.wiring import open_library

    orders = read_instruction(instruction)
    opened = open_library(library, llm=llm, api_base=api_base)
    review = _loaded(opened.reviewer, file)
    revision = Reviser(opened.reviewer, review, _names(opened).find).carry_out(orders)
    if as_json:
        print_json(to_dict(revision.review))
    if not as_json or out:
        _put(render_all(revision.review, out or [file], bib))
    _put_pictures(revision.review, pictures)
    for line in revision.done:
        _note(line)
    for line in revision.doubtful:
        _note(f"not supported by its citation: {line}")


@app.command("update")
def update(
    file: Annotated[Path, typer.Argument(help="A review that was written with -o.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what new papers in the library would change in a review; nothing is written."""
    from rag.review.loading import load_review
    from rag.review.update import find_update
    from rag.wiring import open_library

    opened = open_library(library, llm="none")
    loaded = load_review(file, opened.papers)
    found = find_update(opened.reviewer, loaded.review, loaded.gone)
    if as_json:
        print_json(found.to_dict())
        return
    for key in found.gone:
        sys.stdout.write(f"gone from the library: {key}\n")
    for key in found.stale:
        sys.stdout.write(f"its abstract has changed: {key}\n")
    for one in found.new:
        place = f"section “{one.section}”" if one.section else "a section of its own"
        sys.stdout.write(f"new: {one.key}, {one.title} → {place}\n     {one.quote}\n")
    if not (found.new or found.gone or found.stale):
        sys.stdout.write("nothing would change\n")
    elif found.new:
        named = found.new[0]
        section = f"section {named.section}" if named.section else "section N"
        _note(f'take one in with: ibid review revise {file} "add paper {named.key} to {section}"')


def _loaded(reviewer: Reviewer, file: Path) -> Review:
    """The review of a file with what the user edited in it."""
    from index.errors import UsageError
    from rag.review.edited import with_edits
    from rag.review.formats import find_form
    from rag.review.loading import load_review

    find_form(file)
    loaded = load_review(file, reviewer.library)
    if loaded.gone:
        _note(f"no longer in the library and taken out: {', '.join(loaded.gone)}")
    if not file.is_file():
        raise UsageError(f"{file}: there is no such file; give a review that was written with -o")
    if file.suffix.casefold() in (".md", ".markdown"):
        return with_edits(loaded.review, _read_text(file), reviewer.check)
    return loaded.review


def wake(opened: OpenedLibrary) -> None:
    """Load the language model beside what comes before it is needed; a fault shows when it is asked."""
    import threading

    def load() -> None:
        from index.errors import IbidError

        with contextlib.suppress(IbidError):
            if (llm := opened.llm) is not None:
                llm.complete("Question:", formatted=True, max_tokens=1)

    threading.Thread(target=load, name="wake", daemon=True).start()


def _plan(
    reviewer: Reviewer, wanted: Wanted, outline: Path | None, ids: Names
) -> tuple[Outline, Collection | None]:
    """The outline given, else one made of what belongs."""
    if outline is not None:
        from rag.review.outline import read_outline

        text = _read_text(outline)
        return read_outline(text, str(outline), ids.find, list(ids.by_key)), None
    _note("collecting papers")
    collection = reviewer.collect(wanted)
    _report(collection)
    return reviewer.outline(collection), collection


def _write_outline(reviewer: Reviewer, wanted: Wanted, ids: Names, out: Path | None) -> None:
    from rag.review.files import write_all
    from rag.review.outline import write_outline

    plan, _ = _plan(reviewer, wanted, None, ids)
    papers = reviewer.library.papers_by_id(plan.placed)
    text = write_outline(plan, papers, {i: reviewer.key(p) for i, p in papers.items()})
    if out is None:
        sys.stdout.write(text)
        return
    write_all({out: text.encode()})
    _note(f"wrote {out}; edit it, then: ibid review --outline {out} -o review.md")


class _Target:
    """Where a review goes, and how long it is to be."""

    def __init__(
        self, outs: list[Path], bib: Path | None, length: str, as_json: bool, pictures: Path | None = None
    ) -> None:
        self.outs, self.bib, self.length, self.as_json = outs, bib, length, as_json
        self.pictures = pictures


def _write_review(reviewer: Reviewer, plan: Outline, collection: Collection | None, target: _Target) -> None:
    """Draft section by section; without a file the sections are printed as they are done."""
    from rag.review.formats import render_all
    from rag.review.markdown import head, section, tail
    from rag.review.record import to_dict
    from rag.review.reviewer import Drafting

    shown = 0
    streams = not target.outs and not target.as_json
    review = None
    for review in reviewer.draft(plan, collection, Drafting(target.length)):
        if streams and not shown:
            sys.stdout.write(head(review))
        for one in review.sections[shown:]:
            _note(f"section {shown + 1}: {one.heading}")
            if streams:
                sys.stdout.write(section(review, one))
                sys.stdout.flush()
            shown += 1
    if review is None:
        return
    if streams:
        sys.stdout.write(tail(review))
    if target.as_json:
        print_json(to_dict(review))
    if target.outs:
        _put(render_all(review, target.outs, target.bib))
    _put_pictures(review, target.pictures)


def _put_pictures(review: Review, folder: Path | None) -> None:
    """The pictures of a review in a folder, which is made where it is not there."""
    if folder is None:
        return
    from index.errors import IbidError
    from rag.pictures.files import picture_files
    from rag.pictures.of_review import pictured

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise IbidError(
            f"{folder}: no folder for pictures ({error.strerror or error}); give another"
        ) from error
    _put(picture_files(pictured(review), review.papers, folder))


def _put(files: dict[Path, bytes]) -> None:
    from rag.review.files import write_all

    write_all(files)
    _note(f"wrote {', '.join(map(str, files))}")


def _names(opened: OpenedLibrary) -> Names:
    from rag.review.names import Names

    return Names(opened.papers.papers(), opened.key)


def _report(collection: Collection) -> None:
    """What was considered, taken and left out, and how the queries ran dry."""
    coverage = collection.coverage
    left = "; ".join(f"{n} {why}" for why, n in coverage.reasons.items())
    curve = ", ".join(f"{t} of {f}" for t, f in zip(coverage.taken, coverage.found, strict=True))
    _note(
        f"{len(coverage.considered)} of {coverage.library} papers considered, {len(collection.taken)} taken"
        + (f"; left out: {left}" if left else "")
    )
    _note(f"taken of what each query brought anew: {curve}")


def _read_text(path: Path) -> str:
    from rag.evaluate.lines import read_text

    return read_text(path, "a review or an outline", "Markdown file")


def _note(text: str) -> None:
    from rag.commands.output import plain

    sys.stderr.write(f"ibid: {plain(text)}\n")
