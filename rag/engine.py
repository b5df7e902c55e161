"""The recipe from a question to an answer, and nothing else.

1 check the question, or take a list of them apart · 2 make it stand alone · 3 plan: retrieve, judge,
choose evidence · 4 refuse, or draft one paper at a time · 5 verify, repair or quote · 6 put together.
`Engine.stream` yields growing `Answer` snapshots; closing it, or setting `stop`, stops the model.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from index.library import Filter
from rag import balance, compose
from rag.addressed import (
    IN_ENGLISH_ONLY,
    NO_QUESTION,
    ORDERS_LEFT_OUT,
    UNKNOWN_WORDS,
    Request,
    not_english,
    read_request,
    told_of_ibid,
)
from rag.answer_table import Compared
from rag.ending import End
from rag.facets import Facets
from rag.joined import joined
from rag.plan import ANSWERED, CLOSE, Plan, Planner
from rag.question import Kind, kind_of, standalone
from rag.question_list import MOST, questions_in
from rag.retrieval import Mode
from rag.strategies.single import Wanted
from rag.strategies.table import DEFAULT, check_strategy, load_strategy
from rag.types import NOT_ANSWERED, Answer, Evidence, Statement, Status
from rag.writers import Writer

STOPPED = "Stopped before a sentence was checked; nothing can be said yet."
IN_ENGLISH = f"{NOT_ANSWERED} Ask in English: the embedder knows little of other languages."
SHOWN = 12  # papers listed beside an answer, cited or not


@dataclass(frozen=True, slots=True)
class AskOptions:
    """How to answer: at most `k` papers in a survey, the ranking mode, a year filter, and a strategy."""

    k: int = 8
    mode: str = "reranked"
    year_from: int | None = None
    year_to: int | None = None
    strategy: str = DEFAULT  # a name of `rag.strategies.table`

    @property
    def keep(self) -> Filter | None:
        """The filter, or None when nothing is filtered."""
        if self.year_from is None and self.year_to is None:
            return None
        return Filter(year_from=self.year_from, year_to=self.year_to)


class Engine:
    """Answers questions from one library. `model` names what made the answer, for the record."""

    def __init__(self, planner: Planner, writer: Writer, model: Mapping[str, str]) -> None:
        self._planner = planner
        self._writer = writer
        self._model = model

    def ask(self, question: str, turns: Sequence[str] = (), options: AskOptions | None = None) -> Answer:
        """The whole answer at once."""
        answers = list(self.stream(question, turns, options))
        return answers[-1]

    def stream(
        self,
        question: str,
        turns: Sequence[str] = (),
        options: AskOptions | None = None,
        stop: threading.Event | None = None,
    ) -> Iterator[Answer]:
        """Snapshots of one answer; the last has `done`. :raises UsageError: empty or over-long question."""
        options, stop = options or AskOptions(), stop or threading.Event()
        check_strategy(options.strategy)
        listed = questions_in(question)
        if len(listed) == 1:
            yield from self._answer(listed[0], turns, options, stop)
            return
        yield from self._list(question, listed, turns, options, stop)

    def _list(
        self,
        question: str,
        listed: Sequence[str],
        turns: Sequence[str],
        options: AskOptions,
        stop: threading.Event,
    ) -> Iterator[Answer]:
        """The first of several questions one after another, as one answer that grows."""
        alone = " ".join(question.split())
        frame = Answer(alone, alone, Status.PARTIAL, model=self._model, strategy=options.strategy, done=False)
        made: list[Answer] = []
        taken = min(len(listed), MOST)
        for number, asked in enumerate(listed[:MOST], 1):
            for latest in self._answer(asked, [*turns, *listed[: number - 1]], options, End(stop)):
                if latest.done:
                    made.append(latest)
                    break
                stage = f"Question {number} of {taken}: {latest.stage}"
                yield replace(joined(frame, listed, [*made, latest], SHOWN), stage=stage)
            if stop.is_set():
                break
        stop.set()
        yield replace(joined(frame, listed, made, SHOWN), stage="", done=True)

    def _answer(
        self, asked: str, turns: Sequence[str], options: AskOptions, stop: threading.Event
    ) -> Iterator[Answer]:
        """Snapshots of the answer to one question."""
        clock = _Clock()
        request = read_request(asked)
        alone = standalone(request.question, turns)
        running = Answer(
            asked,
            alone or asked,
            Status.PARTIAL,
            strategy=options.strategy,
            model=self._model,
            stage="Searching",
            done=False,
        )
        yield running
        said = self._said_to_ibid(request, alone)
        if said:
            yield self._aside(running, said, clock)
            return
        running = replace(running, notice=_notice(request))
        strategy = load_strategy(options.strategy)
        alone = self._planner.in_english(alone)
        wanted = Wanted(alone, kind_of(Facets.of(alone).text), options.k, Mode(options.mode), options.keep)
        plan = strategy.plan(self._planner, wanted)
        clock.lap("retrieve")
        if not plan.sufficient:
            yield self._refusal(running, plan, clock)
            return
        layout = "list" if len(plan.evidence) > 1 else "prose"
        running = replace(running, retrieved=compose.listed(plan, SHOWN), layout=layout)
        yield replace(running, stage=f"Reading {_papers(len(plan.evidence))}")
        if plan.kind is Kind.COMPARE and len(plan.evidence) > 1:
            yield self._compared(running, Compared(alone, plan.evidence), plan, clock)
            return
        written = strategy.write(self._writer, alone, plan, stop)
        yield from self._written(running, plan, written, stop, clock)

    def _written(
        self,
        running: Answer,
        plan: Plan,
        written: Iterator[list[Statement]],
        stop: threading.Event,
        clock: _Clock,
    ) -> Iterator[Answer]:
        """The answer as its statements come, then whole."""
        statements: list[Statement] = []
        try:
            for made in written:
                statements += made
                clock.first(bool(made))
                yield self._snapshot(running, plan, statements)
                if stop.is_set():
                    break
            stopped = stop.is_set()
        finally:
            stop.set()
        clock.lap("generate")
        if stopped and not statements:
            running = replace(running, notice=STOPPED)
        yield self._finished(running, plan, statements, clock)

    def _compared(self, running: Answer, compared: Compared, plan: Plan, clock: _Clock) -> Answer:
        """Papers side by side; no model is needed."""
        statements = compared.statements()
        clock.first(True)
        clock.lap("generate")
        table = compared.table()
        return replace(self._finished(running, plan, statements, clock), table=table, layout="prose")

    def _said_to_ibid(self, request: Request, alone: str) -> str:
        """What to say where the papers are not asked; "" where they are."""
        if request.about is not None:
            info = self._planner.library.info()
            return told_of_ibid(request.about, self._model, info.papers, info.without_abstract)
        if not request.question:
            return NO_QUESTION
        return "" if self._planner.knows(alone) else UNKNOWN_WORDS

    def _snapshot(self, running: Answer, plan: Plan, made: Sequence[Statement]) -> Answer:
        """What stands so far, under the opening that the finished answer will have."""
        statements = [*_opened(running, plan, plan.evidence), *made]
        cited = {n for s in statements for n in s.citations}
        references = tuple(compose.reference(e, made) for e in plan.evidence if e.number in cited)
        stage = f"Checked {_papers(len({n for s in made for n in s.citations}))} of {len(plan.evidence)}"
        return replace(running, statements=tuple(statements), references=references, stage=stage)

    def _finished(self, running: Answer, plan: Plan, made: list[Statement], clock: _Clock) -> Answer:
        if not made:
            return self._refusal(running, plan, clock)
        spoken = {n for s in made for n in s.citations}
        cited = [e for e in plan.evidence if e.number in spoken]
        sides = [plan.leanings[e.number] for e in cited if e.number in plan.leanings]
        statements, evidence = compose.renumbered([*_opened(running, plan, cited), *made], plan.evidence)
        doubtful = ANSWERED + 0.1 if plan.kind is Kind.FACT else CLOSE
        used = replace(plan, evidence=tuple(evidence))
        return replace(
            running,
            status=compose.status_of(statements, plan.sureness, doubtful),
            statements=tuple(statements),
            references=tuple(compose.reference(e, statements) for e in evidence),
            retrieved=compose.listed(used, SHOWN),
            followups=compose.followups(plan.kind, used),
            decision=balance.decision(sides) if sides else None,
            confidence=compose.confidence(statements, plan.sureness),
            timing_ms=clock.timing(self._writer.verify_ms),
            stage="",
            done=True,
        )

    def _aside(self, running: Answer, said: str, clock: _Clock) -> Answer:
        """An answer in which no paper was asked."""
        timing = clock.timing(0)
        done = replace(running, status=Status.INSUFFICIENT, notice=said, aside=True, confidence=1.0)
        return replace(done, timing_ms=timing, stage="", done=True)

    def _refusal(self, running: Answer, plan: Plan, clock: _Clock) -> Answer:
        clock.lap("generate")
        stopped = running.notice == STOPPED
        said = IN_ENGLISH if not_english(running.question) else NOT_ANSWERED
        more = f" {ORDERS_LEFT_OUT}" if ORDERS_LEFT_OUT in (running.notice or "") else ""
        return replace(
            running,
            status=Status.INSUFFICIENT,
            notice=STOPPED if stopped else said + more,
            nearest=compose.nearest(plan),
            confidence=min(1.0, plan.sureness),
            timing_ms=clock.timing(0),
            stage="",
            done=True,
        )


def _opened(running: Answer, plan: Plan, evidence: Sequence[Evidence]) -> list[Statement]:
    """What is said of the papers together, before each speaks."""
    said = (compose.opening(plan, evidence), compose.shared(plan, evidence, running.standalone_question))
    return [statement for statement in said if statement]


def _notice(request: Request) -> str | None:
    """What an answer says beside its statements."""
    said = [ORDERS_LEFT_OUT] if request.ordered else []
    if not_english(request.question):
        said.append(IN_ENGLISH_ONLY)
    return " ".join(said) or None


class _Clock:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self._started = self._last = time.monotonic()
        self._stages: dict[str, int] = {}

    def lap(self, stage: str) -> None:
        now = time.monotonic()
        self._stages[stage] = self._stages.get(stage, 0) + round((now - self._last) * 1000)
        self._last = now

    def first(self, made: bool) -> None:
        if made and "first" not in self._stages:
            self._stages["first"] = round((time.monotonic() - self._started) * 1000)

    def timing(self, verify: int) -> dict[str, int]:
        total = round((time.monotonic() - self._started) * 1000)
        stages = {"retrieve": 0, "generate": 0, **self._stages, "verify": verify, "total": total}
        return stages


def _papers(count: int) -> str:
    return "1 paper" if count == 1 else f"{count} papers"
