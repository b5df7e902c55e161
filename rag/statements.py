"""One checked statement from one paper's evidence: draft, verify, repair once, else quote.

Order of preference: a model's sentence that verification supports; the part of it that does; the
abstract's own sentence in the third person; nothing. What is returned is always bound to the
paper it was made from, so a wrong citation cannot arise here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.cleaning import readable
from index.sentences import split_sentences
from rag.citations import bind, neutralise
from rag.fragments import jumps
from rag.shortening import shortening_faults
from rag.terms import numbers
from rag.types import Evidence, Origin, Sentence, Statement, Verdict
from rag.verify import Verifier
from rag.wording import clumsy, third_person, tidy_draft, whole_sentence, with_subject

_APPOSED = re.compile(r"[^,]+, (?:an?|the|one) ")  # cut short, "X, a model of heart, lung" has no verb


class StatementMaker:
    """Turns drafts and evidence into statements that hold.

    :param most_jumps: jumps in the source a draft may make, per content word (`rag.fragments`). A
        small model that jumps mixes up who did what, with every word still in the source.
    """

    def __init__(self, verifier: Verifier, most_jumps: float = 1.0) -> None:
        self._verifier = verifier
        self._most_jumps = most_jumps

    def from_draft(
        self, draft: str, evidence: Evidence, *, figures: bool = False, served: int = 0
    ) -> Statement | None:
        """The statement a draft gives, or None when nothing of it holds.

        :param figures: the statement must keep a number of the best evidence sentence.
        :param served: how many pieces of evidence the model was shown, when more than this one.
        """
        for text in self._readings(draft, max(served, evidence.number)):
            if clumsy(text) or (figures and not self._keeps_figures(text, evidence)):
                continue
            check = self._verifier.check(text, [evidence.paper])
            if check.verdict is Verdict.SUPPORTED and not self._patched(text, evidence):
                shown = with_subject(text, evidence.paper)
                return Statement(shown, (evidence.number,), check.verdict, check.support, Origin.GENERATED)
        return None

    def from_sentence(self, sentence: Sentence, evidence: Evidence) -> Statement:
        """The abstract's own sentence in the third person, under the paper's name."""
        verbatim = readable(sentence.text)
        text = neutralise(with_subject(third_person(verbatim), evidence.paper))  # its [3] is not ours
        if not text.endswith((".", "!", "?")):
            text += " …"
        origin = Origin.EXTRACTED if text == verbatim else Origin.COMPOSED
        return Statement(text, (evidence.number,), Verdict.SUPPORTED, 1.0, origin)

    def _readings(self, draft: str, served: int) -> Iterable[str]:
        """The draft whole, then each of its sentences, then the first without its last clause."""
        text = bind(draft, served).text
        sentences = [tidy_draft(text[a:b]) for a, b in split_sentences(text)][:3]
        yield from sentences
        for sentence in sentences[:1]:
            head = re.split(
                r"(?:;|, (?:and|which|while|with|thereby|thus|enabling|achieving|outperforming)\b)", sentence
            )[0]
            if head != sentence and not _APPOSED.match(head):
                yield tidy_draft(head)

    def _patched(self, text: str, evidence: Evidence) -> bool:
        """Whether a small model's draft lost what its source says, or jumps about in it."""
        abstract, title = readable(evidence.paper.abstract), readable(evidence.paper.title or "")
        sentences = [abstract[a:b] for a, b in split_sentences(abstract)]
        if self._most_jumps < 1 and not whole_sentence(text):
            return True
        if self._most_jumps < 1 and shortening_faults(text, sentences, title):
            return True
        count, placed = jumps(text, sentences)
        return count > self._most_jumps * placed

    @staticmethod
    def _keeps_figures(text: str, evidence: Evidence) -> bool:
        wanted = {n.value for n in numbers(readable(evidence.best.text))}
        return not wanted or bool(wanted & {n.value for n in numbers(text)})
