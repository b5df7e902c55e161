"""Sentences about a set of papers, counted by code: how many, from when, what they have in common.

"Five of the eight abstracts mention “radiology reports”" is true because five do, and it cites exactly
those five, each with the sentence that holds the words.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.cleaning import readable
from index.sentences import split_sentences
from index.types import Paper
from rag.phrases import Phrase, runs, shared_phrases, written
from rag.review.document import Passage, ReviewStatement
from rag.terms import content_stems, in_a_row, number_word, stem

_MOST_NAMED = 2  # phrases counted in a section
_SHARE = 0.5  # of the papers that must mention a phrase
_FEWEST = 3  # papers from which commonalities are counted


def years_of(papers: Sequence[Paper]) -> str:
    """The span of years as in "2021–2024" or "2023"; "" where a year is not known."""
    years = sorted(p.year for p in papers if p.year)
    if not years or len(years) < len(papers):
        return ""
    return f"{years[0]}–{years[-1]}" if years[0] < years[-1] else str(years[0])


def passage_with(paper: Paper, stems: Sequence[str]) -> Passage | None:
    """The first sentence of the abstract that holds the phrase, its words side by side."""
    for start, end in split_sentences(paper.abstract):
        if in_a_row(stems, _plain_stems(readable(paper.abstract[start:end]))):
            return Passage(paper.id, start, end, paper.abstract[start:end])
    return None


def commonalities(papers: Sequence[Paper], known: str) -> ReviewStatement | None:
    """What most of a section's papers mention, counted; None where nothing worth saying is shared.

    :param known: the heading and topic, whose words say nothing new.
    """
    if len(papers) < _FEWEST:
        return None
    said = set(content_stems(known))
    parts: list[str] = []
    passages: list[Passage] = []
    for phrase in _telling(papers, said):
        found = [
            p
            for p in (passage_with(q, phrase.stems) for q in papers)
            if p is not None and written(phrase.text, readable(p.quote))
        ]
        if len(found) < max(2, _SHARE * len(papers)):
            continue
        share = "all" if len(found) == len(papers) else number_word(len(found))
        parts.append(f"{share} mention “{phrase.text}”")
        passages += found
        if len(parts) == _MOST_NAMED:
            break
    if not parts:
        return None
    text = f"Of the {number_word(len(papers))} abstracts here, {' and '.join(parts)}."
    return ReviewStatement(text, tuple(passages), counted=True)


def _telling(papers: Sequence[Paper], said: set[str]) -> list[Phrase]:
    """Shared phrases that add to what is known, those of more papers and more words first."""
    phrases = [p for p in shared_phrases(papers) if len(p.stems) > 1 and not set(p.stems) <= said]
    kept: list[Phrase] = []
    for phrase in sorted(phrases, key=lambda p: (-len(p.papers) * (1 + 0.2 * len(p.stems)), p.text)):
        if not any(set(phrase.stems) & set(k.stems) for k in kept):
            kept.append(phrase)
    return kept


def _plain_stems(text: str) -> tuple[str, ...]:
    return tuple(stem(w.lower()) if w else "" for run in runs(text) for w in (*run, ""))
