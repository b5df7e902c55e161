"""A larger model writes the whole answer from the numbered evidence; every sentence is still checked.

Sentences are taken from the stream as they end, so the first is shown while the rest are being
written. A sentence that its citation does not support is tried against the other evidence once,
then dropped; evidence the model passed over speaks for itself at the end.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.cleaning import readable
from index.errors import ModelError
from index.sentences import split_sentences
from prompts.templates import render
from rag.citations import bind, neutralise
from rag.plan import Plan
from rag.statements import StatementMaker
from rag.types import Evidence, Statement
from rag.writers import quoted

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

log = logging.getLogger(__name__)

MAX_TOKENS = 700
_BEHIND = re.compile(r"([.!?])(\s*(?:[\[【][\d\s,;–-]+[\]】])+)")
_LONGEST_ANSWER = 12_000  # characters; a model that loops is cut here


class WholeWriter:
    """One draft for the whole answer, verified sentence by sentence. See `rag.writers.Writer`."""

    def __init__(self, maker: StatementMaker, llm: LLM) -> None:
        self._maker = maker
        self._llm = llm
        self.verify_ms = 0

    def write(self, question: str, plan: Plan, stop: threading.Event) -> Iterator[list[Statement]]:
        """Statements as the model ends them, then the abstracts' words for papers it left out."""
        spent = 0.0
        spoken: set[int] = set()
        seen: set[str] = set()
        for sentence in self._sentences(question, plan, stop):
            started = time.monotonic()
            statement = self._checked(sentence, plan.evidence)
            spent += time.monotonic() - started
            self.verify_ms = round(spent * 1000)
            if statement is not None and statement.text not in seen:
                seen.add(statement.text)
                spoken.update(statement.citations)
                yield [statement]
        for evidence in plan.evidence:
            if not stop.is_set() and evidence.number not in spoken:
                yield quoted(self._maker, question, plan.kind, evidence)

    def _sentences(self, question: str, plan: Plan, stop: threading.Event) -> Iterator[str]:
        """Whole sentences of the draft, with the markers that follow them."""
        evidence = "\n".join(_numbered(e) for e in plan.evidence)
        prompt = render("answer", question=neutralise(question), evidence=evidence)
        text = ""
        used = 0
        try:
            for piece in self._llm.stream_complete(prompt, max_tokens=MAX_TOKENS, stop_event=stop):
                text = piece.text
                *ended, _ = _cut(text[used:]) or [("", 0)]  # the last one may still grow
                yield from (sentence for sentence, _ in ended)
                used += ended[-1][1] if ended else 0
                if stop.is_set() or len(text) > _LONGEST_ANSWER:
                    return
            yield from (sentence for sentence, _ in _cut(text[used:]))
        except ModelError as error:
            log.warning("the draft failed: %s", error)

    def _checked(self, sentence: str, evidence: tuple[Evidence, ...]) -> Statement | None:
        """The statement a sentence gives: under the evidence it cites, else under any that holds it."""
        cited = bind(sentence, len(evidence)).citations
        by_number = {e.number: e for e in evidence}
        for number in [*cited, *(n for n in by_number if n not in cited)]:
            statement = self._maker.from_draft(sentence, by_number[number], served=len(evidence))
            if statement is not None:
                return statement
        return None


def _cut(text: str) -> list[tuple[str, int]]:
    """Sentences with where each ends; markers that stand behind a full stop stay with its sentence."""
    moved = _BEHIND.sub(r"\2\1", text)  # as long as the text, so that ends agree
    spans = [
        (line.start() + start, line.start() + end)
        for line in re.finditer(r"[^\n]+", moved)
        for start, end in split_sentences(line.group())
    ]
    return [(moved[start:end], end) for start, end in spans]


def _numbered(evidence: Evidence) -> str:
    sentences = " ".join(neutralise(readable(s.text)) for s in evidence.sentences)
    return f"[{evidence.number}] {neutralise(readable(evidence.paper.label))}. {sentences}"
