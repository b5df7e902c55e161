"""What the cross-encoder is trained on: a claim or a question beside a paper, with the label a reader gave.

Claims, contrasts, questions and graded surveys of our own (`LABELS`) and of `train_survey`'s
`labels.jsonl`, SciFact's training claims, PubMedQA's questions, and experts' sentences of `train_digest`.
"""

from __future__ import annotations

import gzip
import itertools
import json
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from rag.stance import Side

LABELS = Path(__file__).parent / "labels"
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z(])")  # as the labels number sentences


# What other collections call the sides; the order of `Side` is that of the cross-encoder's outputs.
SIDES = {
    "SUPPORT": Side.SUPPORTS, "CONTRADICT": Side.REFUTES,
    "yes": Side.SUPPORTS, "no": Side.REFUTES, "maybe": Side.NEUTRAL,
}  # fmt: skip
COLUMNS = {side: column for column, side in enumerate(Side)}


@dataclass(frozen=True, slots=True)
class Text:
    """A paper as it is read: id, title, and the sentences of its abstract."""

    id: str
    title: str
    sentences: tuple[str, ...]

    @classmethod
    def of(cls, id: str, title: str, abstract: str) -> Text:
        """Cut as the labels were."""
        return cls(id, title, tuple(SENTENCE_END.split(" ".join(abstract.split()))))

    @property
    def abstract(self) -> str:
        """The sentences as one text."""
        return " ".join(self.sentences)

    @property
    def starts(self) -> tuple[int, ...]:
        """Where each sentence begins in `abstract`."""
        ends = itertools.accumulate(len(s) + 1 for s in self.sentences[:-1])
        return (0, *ends)

    def around(self, place: int, reach: int) -> tuple[Text, int]:
        """The paper with at most `reach` sentences either side of one, and where that one stands then."""
        first = max(0, place - reach)
        return replace(self, sentences=self.sentences[first : place + reach + 1]), place - first

    def without(self, places: Iterable[int]) -> Text:
        """The paper without some of its sentences."""
        gone = set(places)
        return replace(self, sentences=tuple(s for n, s in enumerate(self.sentences) if n not in gone))


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim (`side` given), a question (`answered`) or a topic (`grade`, 0 to 2) beside a paper, and the
    sentences that decide.

    `prior` is what the wording alone gives away: log-probabilities of the sides, or log-odds of an answer.
    """

    text: str
    paper: Text
    side: Side | None = None
    answered: bool | None = None
    places: tuple[int, ...] = ()
    source: str = ""
    prior: tuple[float, ...] = ()
    grade: int | None = None

    def cropped(self, rng: random.Random, reach: int = 3) -> Pair:
        """The same beside a part of the paper: the sentences that decide, or any one where none does, and
        at most `reach` more on either side.
        """
        count = len(self.paper.sentences)
        low, high = (min(self.places), max(self.places)) if self.places else (rng.randrange(count),) * 2
        first = max(0, low - rng.randrange(reach + 1))
        kept = self.paper.sentences[first : high + 1 + rng.randrange(reach + 1)]
        return replace(
            self, paper=replace(self.paper, sentences=kept), places=tuple(p - first for p in self.places)
        )

    @property
    def open(self) -> Pair | None:
        """The same beside the paper without the sentences that decide, which leaves it open."""
        if not self.places or len(self.places) >= len(self.paper.sentences):
            return None
        rest = self.paper.without(self.places)
        return self.beside(rest)

    def beside(self, paper: Text) -> Pair:
        """The same beside a paper that does not settle it."""
        if self.side is None:
            return replace(self, paper=paper, answered=False, places=(), prior=())
        return replace(self, paper=paper, side=Side.NEUTRAL, places=(), prior=())

    def graded(self, grade: int, paper: Text | None = None) -> Pair:
        """How far a paper, its own if none is given, bears on the text."""
        places = () if paper else self.places
        return Pair(self.text, paper or self.paper, source=self.source, places=places, grade=grade)


def read_pool(file: Path) -> dict[str, Text]:
    """Papers by id from lines of id, title, abstract."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return {r["id"]: Text.of(r["id"], r["title"], r["abstract"]) for r in map(json.loads, lines)}


def read_pubmedqa(file: Path) -> tuple[dict[str, Text], list[Pair]]:
    """PubMedQA's abstracts, and its questions as claims that "yes" supports."""
    rows: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    papers = {id: Text.of(id, r["QUESTION"], " ".join(r["CONTEXTS"])) for id, r in rows.items()}
    asked = [
        Pair(r["QUESTION"], replace(papers[id], title=""), SIDES[r["final_decision"]], source="pubmedqa")
        for id, r in rows.items()
    ]
    return papers, asked


def read_own(papers: Mapping[str, Text]) -> list[Pair]:
    """The claims and questions of `LABELS` about the papers given."""
    pairs: list[Pair] = []
    for row in map(json.loads, (LABELS / "claims.jsonl").read_text(encoding="utf-8").splitlines()):
        if (paper := papers.get(row["id"])) is None:
            continue
        for key, side in (("s", Side.SUPPORTS), ("r", Side.REFUTES)):
            pairs += [Pair(t, paper, side, None, tuple(places), "own") for t, places in row[key]]
        pairs += [Pair(t, paper, Side.NEUTRAL, source="own") for t in row["n"]]
        pairs += [Pair(t, paper, None, True, (place,), "own") for t, place, _ in row["a"]]
        pairs += [Pair(t, paper, None, False, source="own") for t, *_ in row["u"]]
    return pairs


def edited(sentence: str, edits: Sequence[tuple[int, int, str]]) -> str:
    """A sentence with words put in the place of others: (first, end, new words), in the order of the text."""
    words = sentence.split(" ")
    for first, end, new in reversed(edits):
        words[first:end] = new.split(" ") if new else []
    return " ".join(words)


def read_contrasts(papers: Mapping[str, Text]) -> list[Pair]:
    """The claims of `LABELS` that an abstract decides one way and, some sentences changed, the other.

    Beside the changed abstract a claim has the other label, so that its wording tells nothing. Titles often
    tell what was found and are left out. What both versions leave open stands beside both.
    """
    pairs: list[Pair] = []
    for row in map(json.loads, (LABELS / "contrasts.jsonl").read_text(encoding="utf-8").splitlines()):
        if (paper := papers.get(row["id"])) is None:
            continue
        paper = replace(paper, title="")
        for finding in row["f"]:
            changed = {place: edited(paper.sentences[place], edits) for place, edits in finding["o"]}
            places = tuple(sorted(changed))
            other = replace(paper, sentences=tuple(changed.get(n, s) for n, s in enumerate(paper.sentences)))
            said = [(text, key == "s") for key, text in finding["c"]]
            said += [(text, answer == "yes") for text, answer in finding["q"]]
            for text, holds in said:
                for version, agrees in ((paper, holds), (other, not holds)):
                    side = Side.SUPPORTS if agrees else Side.REFUTES
                    pairs.append(Pair(text, version, side, None, places, "contrast"))
            pairs += [
                Pair(finding["n"], version, Side.NEUTRAL, source="contrast") for version in (paper, other)
            ]
    return pairs


def read_graded(file: Path, papers: Mapping[str, Text]) -> list[list[Pair]]:
    """The survey questions of `train_survey` and of `LABELS`, each beside its graded papers."""
    rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    asked = [
        (row["question"], [(p["id"], p["grade"], *p.get("sentences", ())) for p in row["labels"]])
        for row in rows
        if row["type"] == "survey"
    ]
    own = map(json.loads, (LABELS / "surveys.jsonl").read_text(encoding="utf-8").splitlines())
    asked += [(row["question"], [(i, grade, *sum(s, [])) for i, grade, *s in row["labels"]]) for row in own]
    return [
        [
            Pair(question, papers[id], places=tuple(keys), source="survey", grade=grade)
            for id, grade, *keys in labels
            if id in papers
        ]
        for question, labels in asked
    ]


def read_survey(file: Path, papers: Mapping[str, Text]) -> list[Pair]:
    """The facts and claims of `train_survey`."""
    pairs = []
    for row in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        if row["type"] == "claim":
            places = tuple(row.get("sentences", ()))
            pairs.append(Pair(row["claim"], papers[row["id"]], Side(row["label"]), None, places, "survey"))
        elif row["type"] == "fact":
            places = (row["sentence"],) if row["answerable"] else ()
            pairs.append(Pair(row["question"], papers[row["id"]], None, row["answerable"], places, "survey"))
    return pairs


def read_scifact(folder: Path) -> list[Pair]:
    """SciFact's training claims: evidence, and cited abstracts without any as open."""
    corpus = {
        str(r["doc_id"]): Text(str(r["doc_id"]), r["title"], tuple(s.strip() for s in r["abstract"]))
        for r in map(json.loads, (folder / "corpus.jsonl").read_text("utf-8").splitlines())
    }
    pairs = []
    for row in map(json.loads, (folder / "claims_train.jsonl").read_text("utf-8").splitlines()):
        for cited in map(str, row["cited_doc_ids"]):
            evidence = row["evidence"].get(cited, [])
            side = SIDES[evidence[0]["label"]] if evidence else Side.NEUTRAL
            places = tuple(sorted({n for e in evidence for n in e["sentences"]}))
            pairs.append(Pair(row["claim"], corpus[cited], side, None, places, "scifact"))
    return pairs


def read_digests(file: Path, papers: Mapping[str, Text]) -> list[Pair]:
    """Experts' sentences, which the sentences they were made of support."""
    return [
        Pair(row["digest"], papers[row["id"]], Side.SUPPORTS, None, tuple(row["sentences"]), "digest")
        for row in map(json.loads, file.read_text(encoding="utf-8").splitlines())
        if row["id"] in papers and row["sentences"] and "does not state" not in row["digest"]
    ]


def with_priors(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs with what their wording alone gives away, learnt from the other folds.

    Claims that people make up betray their label (a negation, a comparison); added to the logits while
    training, the prior takes that lesson off the model (product of experts, Clark et al. 2019).
    """
    claims = [n for n, pair in enumerate(pairs) if pair.side is not None]
    questions = [n for n, pair in enumerate(pairs) if pair.side is None]
    found = list(pairs)
    for group in (claims, questions):
        shares = _by_wording([pairs[n] for n in group])
        for n, share in zip(group, np.log(shares), strict=True):
            prior = share if pairs[n].side is not None else [share[1] - share[0]]
            found[n] = replace(pairs[n], prior=tuple(map(float, prior)))
    return found


def _by_wording(pairs: Sequence[Pair]) -> np.ndarray:
    """Probabilities (pairs, labels) from words and pairs of words, papers held out in five folds."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline

    labels = [COLUMNS[p.side] if p.side is not None else int(bool(p.answered)) for p in pairs]
    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), min_df=3), LogisticRegression(max_iter=500))
    groups = [p.paper.id for p in pairs]
    texts = [p.text for p in pairs]
    return cross_val_predict(model, texts, labels, groups=groups, cv=GroupKFold(5), method="predict_proba")
