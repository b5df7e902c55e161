"""`ibid screen`: order unread records by likely relevance, decide on them, know when to stop."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.commands.options import JsonOption, LibraryOption
from rag.commands.output import plain, print_json

if TYPE_CHECKING:
    from index.encoders import Encoder
    from index.library import Library
    from rag.screening.running import Ranked, Screening
    from rag.screening.session import Decision, Session

app = typer.Typer(
    help="Screen records for a review: the likeliest to be relevant first, every decision kept.",
    no_args_is_help=True,
    invoke_without_command=True,
)

SessionOption = Annotated[str, typer.Option("-s", "--session", help="Name of the session.")]
IdsArgument = Annotated[list[str], typer.Argument(help="Ids of papers.")]
NoteOption = Annotated[str, typer.Option("--note", help="Why; kept with the decision.")]
IdsOption = Annotated[list[str] | None, typer.Option(help="Ids of papers, with commas or repeated.")]
QuestionOption = Annotated[
    str, typer.Option("--question", "-q", help="What the review asks; orders before anything is decided.")
]
CountOption = Annotated[int, typer.Option("-k", help="How many papers.", min=1)]


@app.callback()
def screen(
    context: typer.Context,
    include: IdsOption = None,
    exclude: IdsOption = None,
    question: QuestionOption = "",
    k: CountOption = 20,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Order the unread papers of a library once, or keep a session with the commands below."""
    if context.invoked_subcommand is not None:
        if include or exclude or question:
            raise _usage(f"give --include, --exclude and --question behind `{context.invoked_subcommand}`")
        return
    from rag.screening.running import rank_papers

    decisions = _given(include, exclude)
    if not decisions and not question.strip():
        raise _usage("give --include IDS, --exclude IDS or --question TEXT; or `ibid screen start`")
    with _papers(library) as (papers, encoder):
        for paper_id in decisions:
            papers.paper(paper_id)
        ids = [paper.id for paper in papers.papers()]
        ranked = rank_papers(papers, encoder, ids, decisions, question)
    _show_order(ranked[:k], len(ranked), as_json)


@app.command()
def start(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files to add and screen [default: all of the library].")
    ] = None,
    question: QuestionOption = "",
    include: IdsOption = None,
    exclude: IdsOption = None,
    session: SessionOption = "review",
    library: LibraryOption = None,
) -> None:
    """Begin a session over the papers of files, or over all of the library."""
    from rag.screening.session import session_path, start_session

    decisions = _given(include, exclude)
    folder = _library_folder(library)
    if session_path(folder, session).exists():
        start_session(folder, session)  # says that it is there, before any file is read
    papers, identified = _papers_to_screen(folder, paths or [])
    strangers = [i for i in decisions if i not in set(papers)]
    if strangers:
        raise _usage(f"{strangers[0]!r} is none of the papers to screen; `ibid index list` shows ids")
    made = start_session(folder, session, question.strip())
    made.extend(papers, identified)
    for included in (True, False):
        known = [i for i, label in decisions.items() if label is included]
        if known:
            made.decide(known, included=included, prior=True)
    sys.stdout.write(f"session {session}: {len(papers)} papers to screen, {len(decisions)} known\n")


@app.command()
def extend(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files to add [default: what the library has new].")
    ] = None,
    question: QuestionOption = "",
    session: SessionOption = "review",
    library: LibraryOption = None,
) -> None:
    """Take up new papers, or another question, in a session."""
    from rag.screening.session import open_session

    folder = _library_folder(library)
    found = open_session(folder, session)
    papers, identified = _papers_to_screen(folder, paths or [])
    count = found.extend(papers, identified, question.strip())
    sys.stdout.write(f"session {session}: {count} papers more, {len(found.state.papers)} in all\n")


@app.command("next")
def next_papers(
    k: CountOption = 1,
    session: SessionOption = "review",
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the unread papers that are likeliest to be relevant."""
    with _open(library, session) as screening:
        ranked = screening.order()
        if k > 1 or as_json:
            _show_order(ranked[:k], len(ranked), as_json)
        elif ranked:
            from rag.commands.screen_view import show_paper

            show_paper(ranked[0].paper, f"{len(ranked)} unread")
        if not ranked:
            sys.stderr.write("ibid: every paper of the session is decided; see `ibid screen status`\n")


@app.command()
def include(
    paper_ids: IdsArgument,
    note: NoteOption = "",
    session: SessionOption = "review",
    library: LibraryOption = None,
) -> None:
    """Keep papers as relevant."""
    _decide(paper_ids, session, library, included=True, note=note)


@app.command()
def exclude(
    paper_ids: IdsArgument,
    note: NoteOption = "",
    session: SessionOption = "review",
    library: LibraryOption = None,
) -> None:
    """Keep papers as irrelevant."""
    _decide(paper_ids, session, library, included=False, note=note)


@app.command()
def undo(session: SessionOption = "review", library: LibraryOption = None) -> None:
    """Take the last decision back."""
    taken = _session(library, session).undo()
    word = "included" if taken.included else "excluded"
    sys.stdout.write(f"undone: {plain(taken.paper_id)} is no longer {word}\n")


@app.command()
def status(
    session: SessionOption = "review", library: LibraryOption = None, as_json: JsonOption = False
) -> None:
    """How much is read and found, how much is likely left, and whether to stop."""
    from rag.commands.screen_view import show_status, status_dict

    with _open(library, session) as screening:
        if as_json:
            print_json(status_dict(screening))
        else:
            show_status(screening)


@app.command("list")
def list_sessions(library: LibraryOption = None) -> None:
    """The sessions of a library, one a line: name, decided, papers."""
    from rag.screening.session import open_session, session_names

    folder = _library_folder(library)
    for name in session_names(folder):
        state = open_session(folder, name).state
        sys.stdout.write(f"{name}\t{len(state.decisions)} of {len(state.papers)} decided\n")


@app.command()
def read(session: SessionOption = "review", library: LibraryOption = None) -> None:
    """Read and decide in the terminal: r relevant, i irrelevant, n later, u undo, q quit."""
    from rag.commands.screen_reading import read_on

    if not sys.stdin.isatty():
        raise _usage("reading needs a terminal; elsewhere use `ibid screen next`, include and exclude")
    with _open(library, session) as screening:
        read_on(screening)


@app.command()
def export(
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help="File to write: .csv, .ris or .jsonl [default: stdout]."),
    ] = None,
    format: Annotated[
        str | None, typer.Option("--format", help="csv, ris or jsonl [default: by -o].")
    ] = None,
    only: Annotated[str, typer.Option("--only", help="all, included, excluded or unread.")] = "all",
    session: SessionOption = "review",
    library: LibraryOption = None,
) -> None:
    """Write the records with their labels, in the columns and notes that ASScreening uses."""
    from rag.bibliography import citation_keys
    from rag.commands.output import put
    from rag.export.table import find_format
    from rag.screening.labelled import choose, labelled, write_labelled

    chosen = format or (find_format(None, out.name).name if out else "csv")
    with _open(library, session) as screening:
        unread = [ranked.paper.id for ranked in screening.order()]
        papers = choose(labelled(screening.papers, screening.session.state.decisions, unread), only)
        keys = citation_keys(screening.all_papers())
        put(write_labelled(papers, keys, chosen), out)


@app.command()
def flow(
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="SVG file of the diagram [default: counts only].")
    ] = None,
    not_retrieved: Annotated[int | None, typer.Option("--not-retrieved", min=0)] = None,
    ineligible: Annotated[
        int | None, typer.Option("--ineligible", help="Full texts that were excluded.", min=0)
    ] = None,
    studies: Annotated[int | None, typer.Option("--studies", help="Studies in the review.", min=0)] = None,
    session: SessionOption = "review",
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """The counts of the PRISMA 2020 flow, and its diagram."""
    from rag.commands.output import put
    from rag.commands.screen_view import show_flow
    from rag.screening.prisma import FullTexts, flow_of, flow_svg

    counts = flow_of(_session(library, session).state, FullTexts(not_retrieved, ineligible, studies))
    if as_json:
        print_json({"schema": "ibid.flow/1", **counts.to_dict()})
    elif out is None:
        show_flow(counts)
    if out is not None:
        put([flow_svg(counts)], out)


def _decide(
    paper_ids: list[str], session: str, library: Path | None, *, included: bool, note: str
) -> list[Decision]:
    found = _session(library, session)
    made = found.decide(paper_ids, included=included, note=note)
    state = found.state
    word = "included" if included else "excluded"
    sys.stdout.write(f"{len(made)} {word}; {len(state.decisions)} of {len(state.papers)} decided\n")
    return made


def _given(include: list[str] | None, exclude: list[str] | None) -> dict[str, bool]:
    """Decisions of --include and --exclude, by paper id."""

    def ids(values: list[str] | None) -> list[str]:
        return [part for value in values or () for part in value.replace(",", " ").split()]

    wanted, unwanted = ids(include), ids(exclude)
    both = [i for i in wanted if i in unwanted]
    if both:
        raise _usage(f"{both[0]!r} stands under --include and --exclude; keep one")
    return dict.fromkeys(wanted, True) | dict.fromkeys(unwanted, False)


def _papers_to_screen(folder: Path, paths: list[Path]) -> tuple[list[str], list[Any]]:
    """Ids of the papers that files hold, added to the library; without files, all of the library's."""
    from index.build import add_paths
    from index.library import Library
    from rag.config import Config
    from rag.embedder import load_encoder
    from rag.screening.session import Identified

    identified = []
    if paths:
        report = add_paths(folder, paths, load_encoder(Config.load().embedder))
        for file in report.files:
            for problem in file.problems[:5]:
                sys.stderr.write(f"ibid: {plain(file.path)}:{problem.line}: {plain(problem.why)}\n")
            identified.append(Identified(file.path, file.read - file.skipped, file.new))
    with Library.open(folder) as opened:
        papers = list(opened.papers())
    if paths:
        wanted = {file.path for file in identified}
        papers = [p for p in papers if any(source.path in wanted for source in p.sources)]
    if not papers:
        from index.errors import ReadError

        raise ReadError("no paper to screen: the files hold no record with a title or an abstract")
    return [paper.id for paper in papers], identified


def _library_folder(library: Path | None) -> Path:
    from rag.config import Config

    return Path(Config.load(library=library).library)


def _session(library: Path | None, name: str) -> Session:
    from rag.screening.session import open_session

    return open_session(_library_folder(library), name)


@contextmanager
def _open(library: Path | None, name: str) -> Iterator[Screening]:
    from rag.screening.running import Screening

    found = _session(library, name)
    with _papers(library) as (papers, encoder):
        yield Screening(papers, encoder, found)


@contextmanager
def _papers(library: Path | None) -> Iterator[tuple[Library, Encoder]]:
    """The library and the encoder of its vectors."""
    from index.library import Library
    from rag.config import Config
    from rag.embedder import load_encoder

    config = Config.load(library=library)
    encoder = load_encoder(config.embedder)
    with Library.open(config.library, encoder.id) as opened:
        yield opened, encoder


def _show_order(ranked: list[Ranked], unread: int, as_json: bool) -> None:
    from rag.commands.screen_view import order_dict, show_order

    if as_json:
        print_json(order_dict(ranked, unread))
    else:
        show_order(ranked)


def _usage(message: str) -> Exception:
    from index.errors import UsageError

    return UsageError(message)
