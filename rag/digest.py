"""The map step: a language model says in one sentence what one paper's evidence means.

Small models cannot be asked for JSON, scores or quotes; they can do this. Several papers run at
once where the backend batches; results come in the order of the evidence, so that the first can
be shown while the rest are still being written. A reader's patience is bounded: what is not drafted by
then is left to the abstract's own sentence. Drafts are kept by (model, prompt, text).
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from index.cleaning import readable
from index.errors import ModelError
from index.sentences import split_sentences
from prompts.templates import render
from rag.citations import neutralise
from rag.ending import End
from rag.types import Evidence

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

log = logging.getLogger(__name__)

PATIENCE_S = 6.0  # for the drafts of one answer; a slow machine words fewer papers, not later
MAX_TOKENS = 90  # of a draft; a sentence of sixty words
_KEPT = 4000
_LONGEST_DRAFT = 4000  # characters; a model that heeds no limit is cut here
_LONGEST_SENTENCE = 600  # characters of an evidence sentence that the prompt carries


class Digester:
    """Drafts one sentence a paper.

    :param parallel: requests the backend batches. :param patience: seconds for the drafts of one answer.
    :param grammar: what a draft about a paper is held to, where the backend can; see `rag.vocabulary`.
    """

    def __init__(
        self,
        llm: LLM,
        prompt: str = "digest",
        parallel: int = 4,
        patience: float = PATIENCE_S,
        grammar: Callable[[Evidence], str] | None = None,
    ) -> None:
        self._llm = llm
        self._prompt = prompt
        self._parallel = parallel
        self._patience = patience
        self._grammar = grammar
        self._kept: dict[str, str] = {}

    def digest(self, question: str, evidence: Sequence[Evidence], stop: threading.Event) -> Iterator[str]:
        """Drafts in the order of the evidence; "" where the model failed, was stopped or took too long."""
        end = End(stop)
        until = time.monotonic() + self._patience
        with ThreadPoolExecutor(self._parallel, thread_name_prefix="digest") as pool:
            futures = [pool.submit(self._draft, self._fill(question, e), e, end) for e in evidence]
            try:
                for future in futures:
                    yield _result(future, until)
            finally:
                end.set()
                for future in futures:
                    future.cancel()

    def _draft(self, prompt: str, evidence: Evidence, stop: threading.Event) -> str:
        if prompt in self._kept:
            return self._kept[prompt]
        if stop.is_set():
            return ""
        try:
            held = {"grammar": self._grammar(evidence)} if self._grammar else {}
            response = self._llm.complete(
                prompt, formatted=True, max_tokens=MAX_TOKENS, stop_event=stop, **held
            )
        except ModelError as error:
            log.warning("a draft failed: %s", error)
            return ""
        if stop.is_set():
            return ""
        text = _whole_sentences(response.text[:_LONGEST_DRAFT])
        if len(self._kept) >= _KEPT:
            self._kept.clear()
        self._kept[prompt] = text
        return text

    def _fill(self, question: str, evidence: Evidence) -> str:
        sentences = "\n".join(
            f"- {neutralise(readable(s.text))[:_LONGEST_SENTENCE]}" for s in evidence.sentences
        )
        title = neutralise(readable(evidence.paper.label))
        return render(self._prompt, question=question, title=title, sentences=sentences).rstrip()


def _result(draft: Future[str], until: float) -> str:
    """A draft, or "" where it is not there in time; those behind it may be."""
    try:
        return draft.result(None if until == math.inf else max(0.0, until - time.monotonic()))
    except TimeoutError:
        return ""


def _whole_sentences(text: str) -> str:
    """The text up to its last end mark: a draft that ran out of tokens breaks off mid-sentence."""
    text = text.strip()
    if text.endswith((".", "!", "?", ".)", ".”", '."')):
        return text
    spans = split_sentences(text)
    return text[: spans[-2][1]] if len(spans) > 1 else ""
