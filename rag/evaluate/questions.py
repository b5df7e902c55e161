"""Question sets with labels, and whose paper a reference names.

A line of a set: `id`, `type` (fact, survey, compare, unanswerable, claim, known-item), `question`,
`answerable`, `gold` ([{title | first_words, grade}], 2 core and 1 marginal), and by type `answers`
with `answer_alts`, `key_points` ([{point}]) or `label` (supports, refutes); `turns` and `subtype` at will.
Papers are recognised by title or by their words: a set knows nothing of a library's ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.cleaning import match_key
from index.types import Paper
from rag.evaluate.lines import Problems, nothing_usable, read_objects

TYPES = ("fact", "survey", "compare", "unanswerable", "claim", "known-item")
_SHORTEST, _COMPARED = 25, 400  # letters of a passage that can name its paper, and how many are compared


@dataclass(frozen=True, slots=True)
class GoldPaper:
    """A paper that belongs to an answer: by title, or untitled by its first words."""

    title: str | None
    first_words: str
    grade: int


@dataclass(frozen=True, slots=True)
class Question:
    """A labelled question. `answers` are all required; each may stand in a variant of `answer_alts`."""

    id: str
    type: str
    text: str
    turns: tuple[str, ...] = ()
    answerable: bool = True
    subtype: str = ""
    gold: tuple[GoldPaper, ...] = ()
    answers: tuple[str, ...] = ()
    answer_alts: tuple[tuple[str, ...], ...] = ()
    key_points: tuple[str, ...] = ()
    label: str = ""


class PaperFinder:
    """Finds the paper of a corpus that a reference or a label means, as its place in the corpus."""

    def __init__(self, papers: Sequence[Paper]) -> None:
        self.papers = tuple(papers)
        self._abstracts = [match_key(paper.abstract) for paper in papers]
        self._by_title = {match_key(p.title): i for i, p in enumerate(papers) if match_key(p.title or "")}

    def of_reference(self, reference: Mapping[str, Any]) -> int | None:
        """The paper of a reference with `title` and `quote`; the title decides where it is known."""
        titled = self._by_title.get(match_key(str(reference.get("title") or "")))
        if titled is not None:
            return titled
        for name in ("quote", "abstract", "title"):
            words = match_key(str(reference.get(name) or ""))
            if len(words) > _SHORTEST:
                for place, abstract in enumerate(self._abstracts):
                    if words[:_COMPARED] in abstract:
                        return place
        return None

    def of_gold(self, gold: GoldPaper) -> int | None:
        """The paper of a label."""
        if gold.title:
            return self._by_title.get(match_key(gold.title))
        first = match_key(gold.first_words)
        return next((i for i, text in enumerate(self._abstracts) if first and text.startswith(first)), None)


def read_questions(path: Path, problems: Problems) -> list[Question]:
    """The questions of a set. :raises ReadError: when the file holds none."""
    found: dict[str, Question] = {}
    for number, record in read_objects(path, "questions (id, type, question)", problems):
        try:
            question = _question(record)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            problems.append(f"{path}:{number}: no question of a set ({error}); left out")
            continue
        if question.id in found:
            problems.append(f"{path}:{number}: id {question.id} was given before; left out")
        else:
            found[question.id] = question
    if not found:
        raise nothing_usable(f"{path}: no questions; give lines with id, type, question and gold", problems)
    return list(found.values())


def is_question_set(path: Path) -> bool:
    """Whether the first object of a file is a question of a set, not a claim of SciFact."""
    first = next(read_objects(path, "claims", []), None)
    return first is not None and "question" in first[1]


def check_gold(questions: Sequence[Question], finder: PaperFinder, path: Path) -> Problems:
    """Labels that name a paper which is not in the corpus."""
    return [
        f"{path}: question {question.id}: no paper {(gold.title or gold.first_words)[:60]!r} in the corpus"
        for question in questions
        for gold in question.gold
        if finder.of_gold(gold) is None
    ]


def _question(record: Mapping[str, Any]) -> Question:
    kind, text = str(record["type"]), record["question"]
    if kind not in TYPES:
        raise ValueError(f"type {kind!r} is none of {', '.join(TYPES)}")
    if not isinstance(text, str) or not text.strip():
        raise ValueError("question is empty")
    answers = tuple(map(str, record.get("answers") or ()))
    if kind == "fact" and not answers:
        raise ValueError("a fact without answers")
    gold = tuple(
        GoldPaper(g.get("title"), str(g.get("first_words") or ""), int(g["grade"]))
        for g in record.get("gold") or ()
    )
    if kind in ("survey", "compare") and not any(g.grade >= 2 for g in gold):
        raise ValueError(f"a {kind} without a core paper")
    return Question(
        str(record["id"]), kind, text, tuple(map(str, record.get("turns") or ())),
        bool(record.get("answerable", kind != "unanswerable")), str(record.get("subtype") or ""),
        gold, answers,
        tuple(tuple(map(str, alternatives)) for alternatives in record.get("answer_alts") or ()),
        tuple(str(point["point"]) for point in record.get("key_points") or ()),
        str(record.get("label") or ""),
    )  # fmt: skip
