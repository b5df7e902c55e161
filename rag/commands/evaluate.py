"""`ibid eval`: how well a library searches, answers, judges claims and orders papers, on your own data."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.commands.options import ApiBaseOption, JsonOption, LibraryOption, LlmOption
from rag.commands.output import plain, print_json

if TYPE_CHECKING:
    from index.types import Paper
    from rag.evaluate.outcome import Outcome
    from rag.evaluate.questions import Question
    from rag.wiring import OpenedLibrary

app = typer.Typer(help="Measure retrieval, answers, claims and screening on your data.", no_args_is_help=True)

HtmlOption = Annotated[Path | None, typer.Option("--html", help="Write a report with plots to this file.")]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Folder for partial results; an interrupted run resumes from it.")
]
CorpusOption = Annotated[
    Path | None, typer.Option("--corpus", help="The papers that the labels mean [default: the library's].")
]
CitedOption = Annotated[
    Path | None, typer.Option("--cited", help="Claim reports (`ibid cite --batch`) to score instead.")
]
Step = Callable[[int, int, str], None]
_NAMED = 20  # problems printed one by one


@app.command()
def retrieval(
    data: Annotated[Path, typer.Argument(help="A BEIR folder: corpus.jsonl, queries.jsonl, qrels/*.tsv.")],
    split: Annotated[
        str | None,
        typer.Option("--split", help="Judgements of qrels/ [default: test, else dev, else train]."),
    ] = None,
    mode: Annotated[
        list[str] | None,
        typer.Option("--mode", help="A mode to run, the first is compared with [default: all]."),
    ] = None,
    trec: Annotated[Path | None, typer.Option("--trec", help="Write each run to this folder.")] = None,
    as_json: JsonOption = False,
    html: HtmlOption = None,
    out: OutOption = None,
) -> None:
    """Compare the modes of search on queries with judged papers."""
    from rag.config import Config, cache_folder
    from rag.embedder import load_encoder
    from rag.evaluate.beir import read_collection
    from rag.evaluate.collection_library import collection_library
    from rag.evaluate.retrieval import evaluate_retrieval, read_papers, write_trec
    from rag.partial import content_key
    from rag.wiring import open_library

    modes = _modes(mode)
    collection = read_collection(data, split)
    key = content_key(collection.corpus.read_bytes())
    encoder = load_encoder(Config.load().embedder)
    cache = cache_folder() / "evaluation"
    with _progress() as step:
        folder = collection_library(read_papers(collection), key, encoder, cache, step)
    opened = open_library(folder, llm="none")
    searches = {name: lambda text, k, name=name: opened.search(text, k, name) for name in modes}
    with _progress() as step:
        outcome, runs = evaluate_retrieval(collection, opened.papers, searches, out, step)
    if trec is not None:
        for run in runs:
            write_trec(run, trec, f"ibid-{run.name}")
    _show(replace(outcome, data=str(data)), as_json, html)


@app.command()
def answers(
    data: Annotated[Path, typer.Argument(help="A labelled question set, one question a line.")],
    library: LibraryOption = None,
    corpus: CorpusOption = None,
    given: Annotated[
        Path | None,
        typer.Option("--answers", help="Answers (`ibid ask --batch`) to score instead of asking."),
    ] = None,
    cited: CitedOption = None,
    llm: LlmOption = None,
    api_base: ApiBaseOption = None,
    as_json: JsonOption = False,
    html: HtmlOption = None,
    out: OutOption = None,
) -> None:
    """Score answers: right papers, right figures, refusals, citations, confidence, time."""
    from rag.evaluate.answers import evaluate_answers
    from rag.evaluate.asking import can_cite, read_records
    from rag.evaluate.judge import VerifierJudge
    from rag.evaluate.questions import PaperFinder, check_gold, read_questions

    problems: list[str] = []
    questions = read_questions(data, problems)
    asker = _Asker(library, llm, api_base, out)
    papers = _papers(corpus, asker, problems)
    problems += check_gold(questions, PaperFinder(papers), data)
    judge = VerifierJudge(papers)
    settings: dict[str, Any] = {"questions": len(questions), "papers": len(papers), "judge": judge.name}
    reports = read_records(cited, "claim reports", problems) if cited else {}
    if given is not None:
        found = read_records(given, "answers", problems)
        settings["answers"] = str(given)
    else:
        found = asker.answers(questions, problems)
        if cited is None and can_cite(asker.opened):
            reports = asker.reports({q.id: q.text for q in questions if q.type == "claim"}, problems)
        settings |= asker.settings
    outcome = evaluate_answers(questions, found, reports, papers, judge)
    _show(replace(outcome, data=str(data), settings=settings, problems=tuple(problems)), as_json, html)


@app.command()
def claims(
    data: Annotated[Path, typer.Argument(help="Claims of SciFact, or a question set with claims.")],
    library: LibraryOption = None,
    corpus: CorpusOption = None,
    cited: CitedOption = None,
    as_json: JsonOption = False,
    html: HtmlOption = None,
    out: OutOption = None,
) -> None:
    """Score what `ibid cite` says of claims: the right paper, its stance, the deciding sentence."""
    from rag.evaluate.answers import evaluate_labelled_claims
    from rag.evaluate.asking import read_records
    from rag.evaluate.questions import PaperFinder, is_question_set, read_questions

    problems: list[str] = []
    given = read_records(cited, "claim reports", problems) if cited else None
    asker = _Asker(library, "none", None, out)
    if is_question_set(data):
        labelled = [q for q in read_questions(data, problems) if q.type == "claim"]
        finder = PaperFinder(_papers(corpus, asker, problems))
        if given is None:
            given = asker.reports({q.id: q.text for q in labelled}, problems)
        outcome = evaluate_labelled_claims(labelled, given, finder)
    else:
        outcome = _scifact(data, corpus or data.with_name("corpus.jsonl"), given, asker, problems)
    settings = {"reports": str(cited)} if cited else asker.settings
    _show(replace(outcome, data=str(data), settings=settings, problems=tuple(problems)), as_json, html)


@app.command()
def screening(
    data: Annotated[
        Path, typer.Argument(help="A CSV file (title, abstract, label_included) or a folder of them.")
    ],
    ranker: Annotated[
        list[str] | None, typer.Option("--ranker", help="A ranker to simulate [default: all there are].")
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", help="Simulations of each review.", min=1, max=100)] = 1,
    batch: Annotated[int, typer.Option("--batch", help="Records read between two lessons.", min=1)] = 1,
    as_json: JsonOption = False,
    html: HtmlOption = None,
    out: OutOption = None,
) -> None:
    """Simulate screening: how early are the records found that reviewers included?"""
    from rag.evaluate.screening_study import available_rankers, evaluate_screening, load_ranker

    rankers = {name: load_ranker(name) for name in ranker or available_rankers()}
    with _progress() as step:
        outcome = evaluate_screening(data, rankers, seeds, batch, out, step)
    _show(outcome, as_json, html)


def _modes(chosen: list[str] | None) -> list[str]:
    """The modes to run: those of `Mode`, plain ones first, or the ones that were named."""
    from index.errors import UsageError
    from rag.retrieval import Mode

    plain_first = ("lexical", "dense", "hybrid")
    known = [*plain_first, *(mode.value for mode in Mode if mode.value not in plain_first)]
    for name in chosen or ():
        if name not in known:
            raise UsageError(f"--mode {name!r} does not exist; choose {', '.join(known)}")
    return list(dict.fromkeys(chosen or known))


def _scifact(
    data: Path, corpus: Path, given: Mapping[str, Any] | None, asker: _Asker, problems: list[str]
) -> Outcome:
    """SciFact claims; without reports and without a library, one is made of the corpus."""
    from rag.config import Config, cache_folder
    from rag.embedder import load_encoder
    from rag.evaluate.claims import evaluate_claims, merged, read_claims, read_sentence_corpus
    from rag.evaluate.collection_library import aliases, collection_library
    from rag.partial import content_key

    papers = read_sentence_corpus(corpus, problems)
    known = read_claims(data, problems)
    if given is None:
        if asker.library is None:
            encoder = load_encoder(Config.load().embedder)
            key = content_key("sentences", corpus.read_bytes())
            made = [one.paper for one in papers.values()]
            cache = cache_folder() / "evaluation"
            with _progress() as step:
                asker.library = collection_library(made, key, encoder, cache, step)
        given = asker.reports({claim.id: claim.text for claim in known}, problems)
        lines = {one.paper.sources[0].line: identity for identity, one in papers.items()}
        known = merged(known, aliases(asker.opened.papers.papers(), lines))
    return evaluate_claims(known, given, papers)


class _Asker:
    """A library opened when it is first asked, with partial results in a folder."""

    def __init__(self, library: Path | None, llm: str | None, api_base: str | None, out: Path | None) -> None:
        self.library = library
        self._llm = llm
        self._api_base = api_base
        self._out = out

    @cached_property
    def opened(self) -> OpenedLibrary:
        from rag.wiring import open_library

        return open_library(self.library, llm=self._llm, api_base=self._api_base, patience=math.inf)

    @property
    def settings(self) -> dict[str, Any]:
        """What the answers depend on."""
        from rag.config import Config

        fingerprint = self.opened.info().fingerprint
        return {"llm": Config.load(llm=self._llm).llm, "library_fingerprint": fingerprint}

    def answers(self, questions: list[Question], problems: list[str]) -> dict[str, dict[str, Any]]:
        from rag.evaluate.asking import ask_all

        asked = [question for question in questions if question.type != "claim"]
        path = self._path("answers", *(f"{q.id}\t{q.text}\t{q.turns}" for q in asked))
        with _progress() as step:
            return ask_all(self.opened, asked, path, problems, step)

    def reports(self, claims: Mapping[str, str], problems: list[str]) -> dict[str, dict[str, Any]]:
        from rag.evaluate.asking import cite_all

        path = self._path("claims", *(f"{identity}\t{text}" for identity, text in claims.items()))
        with _progress() as step:
            return cite_all(self.opened, claims, path, problems, step)

    def _path(self, name: str, *parts: str) -> Path | None:
        from rag.partial import partial_path

        return partial_path(self._out, name, *self.settings.values(), *parts)


def _papers(corpus: Path | None, asker: _Asker, problems: list[str]) -> list[Paper]:
    """The papers that labels mean: those of a file, else all of the library."""
    from index.errors import ReadError
    from index.readers.table import read_file

    if corpus is None:
        return list(asker.opened.papers.papers())
    reading = read_file(corpus)
    problems += [f"{corpus}:{problem.line}: {problem.why}" for problem in reading.problems]
    if not reading.papers:
        raise ReadError(f"{corpus}: no papers; give the papers that the labels mean")
    return list(reading.papers)


@contextmanager
def _progress() -> Iterator[Step | None]:
    """One line on a terminal that says how far it is; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return

    def step(done: int, total: int, what: str) -> None:
        sys.stderr.write(f"\r\033[K{plain(what)} {done} of {total}")

    try:
        yield step
    finally:
        sys.stderr.write("\r\033[K")


def _show(outcome: Outcome, as_json: bool, html: Path | None) -> None:
    """Problems to stderr; the measures as JSON or tables; the report to its file."""
    for problem in outcome.problems[:_NAMED]:
        sys.stderr.write(f"ibid: {plain(problem)}\n")
    if len(outcome.problems) > _NAMED:
        sys.stderr.write(f"ibid: and {len(outcome.problems) - _NAMED} more like these; --json lists all\n")
    if as_json:
        print_json(outcome.to_dict())
    else:
        from rag.commands.outcome_view import print_outcome

        print_outcome(outcome)
    if html is not None:  # last: a folder that is not there must not cost the figures
        from rag.evaluate.report import html_report

        html.write_text(html_report(outcome), encoding="utf-8")
        sys.stderr.write(f"ibid: report written to {plain(str(html))}\n")
