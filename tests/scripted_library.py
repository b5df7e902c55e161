"""A library that answers from a script, for tests of the page: no models, fixed texts, small delays.

The papers are made up. The words of a question choose the script: "moon" is refused, "cost" is
answered in part, "slow" streams until stopped, "hostile" answers from papers that attack the page,
"broken" fails. Everything else is answered. Of a sentence to cite, "Scans" is supported, "Tiling" refuted,
"hostile" cited from hostile papers, "broken" fails; nothing speaks to any other. The shelf holds the papers
above and some hundred more; two pairs of them are in doubt.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from index.build import add_readings
from index.encoders import HashEncoder
from index.errors import ModelError
from index.library import Library
from index.shelf import Shelf
from index.types import FileReading, Paper, Scores, Source
from rag.audit.draft import Draft
from rag.audit.report import Audit, CheckedCitation, CheckedSentence, CitationVerdict, Flag, FlagKind
from rag.audit.table import read_draft
from rag.claims import CitedPaper, CiteReport, ClaimPart, ClaimVerdict
from rag.pictures.pictured import Pictured, Shown
from rag.screening.desk import Desks
from rag.stance import Side
from rag.types import Answer, Origin, Reference, Statement, Status, Verdict

PAPERS = (
    Paper(
        "p1",
        "Selective scanning for volumetric segmentation of the liver",
        "Segmenting the liver in volumes is limited by memory. We replace attention with a selective "
        "state-space scan whose cost grows linearly with the number of voxels. On 412 abdominal scans the "
        "scan reaches a Dice score of 0.951 with 38% less memory than a transformer of equal depth. "
        "Ablations show that scanning in three directions matters more than depth.",
        authors=("Ida Holm", "Piet Vermeer", "Rosa Lind", "Aki Sato", "Jo Brandt"),
        year=2024,
        venue="Journal of Imaginary Imaging",
        doi="10.5555/jii.2024.0412",
        arxiv_id="2401.01234",
    ),
    Paper(
        "p2",
        "State-space encoders read whole slides without tiling",
        "Whole-slide images are usually cut into tiles. A hierarchical state-space encoder reads a slide of "
        "100,000 patches in one pass. In two cohorts it improves grading of lung tumours by 4.1 points in "
        "AUC over tiled attention. Reading time falls from 9 minutes to 70 seconds per slide.",
        authors=("Mara Quist", "Tom Adeyemi"),
        year=2023,
        venue="Proceedings of Invented Pathology",
        arxiv_id="2309.04321",
    ),
    Paper(
        "p3",
        "Denoising low-dose CT with a hybrid scan-convolution network",
        "Low-dose CT trades radiation for noise. Our network joins convolution for texture with a linear "
        "scan for context. At a quarter of the dose, readers rated its images equal to full-dose images in "
        "91 of 100 cases. Failures cluster in patients with metal implants.",
        authors=("Lena Osei",),
        year=2022,
        doi="10.5555/pip.22.7",
        pmid="31234567",
    ),
    Paper(
        "p4",
        None,
        "A survey of attention-free sequence models lists 64 papers and finds that most report accuracy but "
        "few report energy. We argue for reporting both.",
        date="Aug 20",
        truncated=True,
    ),
    Paper(
        "p5",
        "Contrastive pre-training on unlabelled radiographs",
        "Labels are scarce in radiology. Contrastive pre-training on 1.2 million radiographs halves the "
        "labels needed for pneumonia detection.",
        year=2021,
        venue="Annals of Made-up Medicine",
    ),
)
HOSTILE_TEXT = (
    '<script>window.__ran=1</script><img src=x onerror="window.__ran=1"> ![x](http://evil.test/a.png) '
    "[a](javascript:window.__ran=1) [ref]: http://evil.test/b $$\\href{javascript:window.__ran=1}{x}$$ "
    "<style>@import url(http://evil.test/c.css);body{display:none}</style> "
    "&#60;img src=http://evil.test/d&#62; "
    "<iframe src=http://evil.test/e></iframe><form action=http://evil.test/f><input name=location></form> "
    '<svg onload=window.__ran=1> <a href="http://evil.test/g" id="current">click</a> </section></article>'
    "<link rel=stylesheet href=http://evil.test/h.css> {{constructor}} ${window.__ran=1} "
    "<IL6> p<0.05 \u202egnp.exe"
)
HOSTILE = (
    Paper(
        "h1",
        "Title " + HOSTILE_TEXT,
        "Before. " + HOSTILE_TEXT + " After.",
        authors=("<img src=http://evil.test/i onerror=window.__ran=1>",),
        year=2020,
        venue='"><script>window.__ran=1</script>',
        doi='10.5555/x"onmouseover=window.__ran=1',
        arxiv_id="javascript:window.__ran=1",
        url="http://evil.test/j",
        pmid="1 onload=1",
    ),
    Paper(
        "h2",
        "javascript:window.__ran=1",
        "![x](http://evil.test/k.png)\n\n<script>window.__ran=1</script>\n\n# x",
    ),
)


def reference(paper: Paper, n: int, quote: str, fused: float) -> Reference:
    start = paper.abstract.index(quote)
    scores = Scores(dense=0.5 * fused + 0.2, lexical=8 * fused, fused=fused)
    return Reference(n, paper, f"key{n}", quote, start, start + len(quote), scores)


REFERENCES = (
    reference(
        PAPERS[0],
        1,
        "On 412 abdominal scans the scan reaches a Dice score of 0.951 with 38% less memory than a "
        "transformer of equal depth.",
        0.94,
    ),
    reference(
        PAPERS[1],
        2,
        "In two cohorts it improves grading of lung tumours by 4.1 points in AUC over tiled attention.",
        0.88,
    ),
    reference(
        PAPERS[2],
        3,
        "At a quarter of the dose, readers rated its images equal to full-dose images in 91 of 100 cases.",
        0.71,
    ),
)
UNCITED = (
    reference(PAPERS[3], 4, "few report energy.", 0.42),
    reference(PAPERS[4], 5, "Labels are scarce in radiology.", 0.31),
)
STATEMENTS = (
    Statement(
        "State-space models stand in for attention in segmentation, pathology and denoising.",
        (1, 2, 3), Verdict.SUPPORTED, 0.9, Origin.COMPOSED, "What they are used for",
    ),
    Statement(
        "In liver segmentation a selective scan reached a Dice score of 0.951 with 38% less memory than a "
        "transformer.",
        (1,), Verdict.SUPPORTED, 0.96, Origin.GENERATED,
    ),
    Statement(
        "Reading whole slides in one pass improved grading of lung tumours by 4.1 points in AUC.",
        (2,), Verdict.SUPPORTED, 0.93, Origin.GENERATED,
    ),
    Statement(
        "At a quarter of the dose, readers rated its images equal to full-dose images in 91 of 100 cases.",
        (3,), Verdict.SUPPORTED, 1.0, Origin.EXTRACTED, "How well they do",
    ),
)  # fmt: skip
_HASHES = HashEncoder(48)
FOLLOWUPS = ("Where does the scan fail?", "What does it cost in memory?", "Which papers report energy?")


def cited(paper: Paper, side: Side, score: float, quote: str, part: int = 0) -> CitedPaper:
    start = paper.abstract.index(quote)
    return CitedPaper(paper, side, score, quote, start, start + len(quote), f"key_{paper.id}", part)


SUPPORTING = cited(PAPERS[0], Side.SUPPORTS, 0.91, REFERENCES[0].quote)
REFUTING = cited(PAPERS[1], Side.REFUTES, 0.42, REFERENCES[1].quote)
TOUCHING = cited(PAPERS[2], Side.NEUTRAL, 0.12, "Low-dose CT trades radiation for noise.")


def report(claim: str) -> CiteReport:
    """What the script says of a sentence."""
    if "broken" in claim:
        raise ModelError("The model file <b>is altered</b>: run ibid doctor.")
    if "hostile" in claim:
        papers = tuple(
            cited(p, side, 0.8, quote)
            for p, side, quote in zip(
                HOSTILE, (Side.SUPPORTS, Side.NEUTRAL), (HOSTILE_TEXT, HOSTILE[1].abstract), strict=True
            )
        )
        return CiteReport(claim, ClaimVerdict.SUPPORTED, papers, (ClaimPart(claim, ClaimVerdict.SUPPORTED),))
    if "Scans" in claim and "Tiling" in claim:
        parts = (
            ClaimPart("Scans save memory.", ClaimVerdict.SUPPORTED, (SUPPORTING, TOUCHING)),
            ClaimPart("Tiling grades better.", ClaimVerdict.REFUTED, (replace(REFUTING, part=1),)),
        )
        return CiteReport(claim, ClaimVerdict.MIXED, (SUPPORTING, REFUTING, TOUCHING), parts)
    for word, verdict, paper in (
        ("Scans", ClaimVerdict.SUPPORTED, SUPPORTING),
        ("Tiling", ClaimVerdict.REFUTED, REFUTING),
    ):
        if word in claim:
            return CiteReport(claim, verdict, (paper, TOUCHING), (ClaimPart(claim, verdict),))
    return CiteReport(claim, ClaimVerdict.NOT_FOUND, (TOUCHING,), (ClaimPart(claim, ClaimVerdict.NOT_FOUND),))


def shelved() -> list[Paper]:
    """The papers of the shelf, those above added last."""
    made = [
        Paper(
            f"m{n}", f"Study {n} of made-up moss", f"Moss {n} grows on stones.", year=1900 + n % 100,
            authors=(f"Grün{n}, Ånna",), sources=(Source("/a/moss.ris", n, "ris"),),
        )
        for n in range(1, 121)
    ]  # fmt: skip
    return [*made, *HOSTILE, *(replace(p, sources=(Source("/b/scans.bib", 1, "bibtex"),)) for p in PAPERS)]


@dataclass(frozen=True)
class Shape:
    shape: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        return self.shape


@dataclass
class ScriptedLibrary:
    """Counts what happened to it: `asked` questions with earlier turns, `stopped` streams."""

    path: Path
    delay: float = 0.05
    papers: int = 326
    asked: list[tuple[str, tuple[str, ...], Any]] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    warmed: threading.Event = field(default_factory=threading.Event)
    shelved: dict[str, Paper] = field(default_factory=lambda: {p.id: p for p in shelved()})
    doubtful: list[tuple[str, str]] = field(
        default_factory=lambda: [("m1", "m2"), ("m3", "m4"), ("m5", "m6")]
    )
    settled: list[tuple[str, str, str]] = field(default_factory=list)
    cites: list[str] = field(default_factory=list)
    _reviewer: Any = None

    @cached_property
    def screening(self) -> Desks:
        """Sessions over a real library of the papers above and twenty more, in a folder beside."""
        folder = self.path.parent / f"{self.path.name}-to-screen"
        if not folder.exists():
            papers = [*self.shelved.values()][100:]
            add_readings(
                folder, [FileReading("/b/scans.bib", "bibtex", tuple(papers), read=len(papers))], _HASHES
            )
        return Desks(Library.open(folder), _HASHES)

    def stream(
        self, question: str, turns: Sequence[str] = (), *, options: Any, stop: threading.Event | None = None
    ) -> Iterator[Answer]:
        self.asked.append((question, tuple(turns), options))
        stop = stop or threading.Event()
        ended = False
        try:
            for answer in self._script(question):
                if stop.wait(self.delay):
                    return
                if answer.done:  # as the engine does: the model is stopped, then the last word is said
                    ended = True
                    stop.set()
                yield answer
        finally:
            if not ended and stop.is_set():
                self.stopped.append(question)

    def _script(self, question: str) -> Iterator[Answer]:
        start = Answer(question, question, Status.ANSWERED, stage="Searching the library", done=False)
        yield start
        if "broken" in question:
            raise ModelError("The model file <b>is altered</b>: run ibid doctor.")
        if "moon" in question:
            yield self._refusal(question)
            return
        references, statements = REFERENCES, STATEMENTS
        if "hostile" in question:
            references, statements = hostile_answer()
        start = replace(start, stage="Reading 5 papers", retrieved=(*references, *UNCITED))
        yield start
        if "slow" in question:
            statements = tuple(
                replace(STATEMENTS[1], text=f"Sentence {i} of a long answer.", heading=None)
                for i in range(400)
            )
        for count in range(1, len(statements) + 1):
            shown = statements[:count]
            cited = {n for s in shown for n in s.citations}
            yield replace(
                start,
                stage=f"Checking sentence {count}",
                statements=shown,
                references=tuple(r for r in references if r.n in cited),
            )
        yield self._whole(question, start, statements, references)

    def _whole(self, question, start, statements, references) -> Answer:
        whole = replace(
            start, statements=statements, references=references, followups=FOLLOWUPS, confidence=0.86,
            done=True, stage="", timing_ms={"total": 2140},
        )  # fmt: skip
        if "cost" in question:
            partly = replace(statements[-1], verdict=Verdict.PARTLY)
            whole = replace(
                whole,
                status=Status.PARTIAL,
                statements=(*statements[:-1], partly),
                confidence=0.55,
                notice="The papers speak of memory, not of money.",
            )
        if "hostile" in question:
            whole = replace(whole, followups=(HOSTILE_TEXT,), notice=HOSTILE_TEXT)
        return whole

    def _refusal(self, question: str) -> Answer:
        return Answer(
            question, question, Status.INSUFFICIENT, nearest=REFERENCES[:2],
            retrieved=(*REFERENCES, *UNCITED), notice="The library says nothing about this.",
            confidence=0.1, timing_ms={"total": 320},
        )  # fmt: skip

    def info(self) -> Shape:
        return Shape(
            {"schema": "ibid.library/1", "path": str(self.path), "papers": self.papers,
             "titled": self.papers - 20, "untitled": 20, "chunks": 611, "embedder": "scripted"}
        )  # fmt: skip

    def add_files(
        self, paths: Sequence[Path], progress: Callable[[int, int, str], None] | None = None
    ) -> Shape:
        files = []
        for i, path in enumerate(paths):
            if progress:
                progress(i, len(paths), path.name)
            time.sleep(self.delay)
            self.added.append(path.name)
            files.append(self._read(path))
        names = ("read", "new", "duplicates", "skipped")
        totals = {name: sum(f[name] for f in files) for name in names}
        self.papers += totals["new"]
        return Shape({"schema": "ibid.add/1", "files": files, **totals, "seconds": 0.1})

    def _read(self, path: Path) -> dict[str, Any]:
        text = path.read_bytes().decode("utf-8", "replace")
        if "TY  -" not in text:
            problem = {"line": 1, "why": f"no format fits this file <b>{HOSTILE_TEXT[:60]}</b>"}
            return {"path": str(path), "format": None, "read": 0, "new": 0, "duplicates": 0, "skipped": 0,
                    "problems": [problem]}  # fmt: skip
        read = text.count("TY  -")
        return {"path": str(path), "format": "ris", "read": read, "new": read - 1, "duplicates": 1,
                "skipped": 0, "problems": []}  # fmt: skip

    def cite(self, claim: str, k: int = 5) -> CiteReport:
        self.cites.append(claim)
        time.sleep(self.delay)
        return report(claim)

    def check(self, draft: Path, bibliographies=(), progress=None) -> tuple[Draft, Audit]:
        """Every cited sentence is contradicted when it holds a number, and hostile keys do not exist."""
        read = read_draft(draft)
        sentences = []
        for n, s in enumerate(read.sentences):
            if progress is not None:
                progress(n, len(read.sentences), "checking")
            bad = any(c.isdigit() for c in s.text)
            verdict = CitationVerdict.CONTRADICTED if bad else CitationVerdict.SUPPORTED
            quote = PAPERS[0].abstract.split(". ")[0] + "."
            cites = tuple(
                CheckedCitation(
                    c.key, c.line, verdict, PAPERS[0], 0.9, ("another",) if bad else (), quote, 0, len(quote)
                )
                for c in s.cites
            )
            flags = tuple(
                Flag(FlagKind.MISSING_KEY, c.key, c.line, f"no such key in {draft}", str(draft))
                for c in s.cites
                if c.key == "hostile"
            )
            sentences += [CheckedSentence(n, s, cites, (), flags)] if cites else []
        return read, Audit(str(draft), read.format, (), tuple(sentences), read=len(read.sentences))

    @property
    def reviewer(self) -> Any:
        """A real one, without a model, over other made-up papers, two of which attack the page."""
        from fakes import HOSTILE as ATTACKS
        from fakes import PAPERS as MADE_UP
        from fakes import shared_library
        from review_fixtures import make_reviewer

        if self._reviewer is None:
            self._reviewer = make_reviewer(shared_library(tuple(p.id for p in (*MADE_UP, *ATTACKS))))
        return self._reviewer

    @contextmanager
    def reviewing(self) -> Iterator[Any]:
        yield self.reviewer

    def shelf(self) -> Shelf:
        return Shelf(enumerate(self.shelved.values(), start=1), len(self.shelved))

    def pictured(self) -> Pictured:
        titled = [(i, p) for i, p in self.shelved.items() if p.abstract]
        shown = [
            Shown(i, p.label, p.year, n % 2, (n / len(titled), n * 7 % 5 / 5))
            for n, (i, p) in enumerate(titled)
        ]
        return Pictured("", ("Reefs & <b>tides</b>", "Kelp"), tuple(shown))

    def keyed(self, ids: Iterable[str]) -> list[tuple[Paper, str]]:
        known = {p.id: p for p in (*PAPERS, *HOSTILE)} | self.shelved
        return [(known[i], f"key_{i}") for i in ids if i in known]

    def doubtful_pairs(self) -> list[tuple[Paper, Paper]]:
        return [(self.shelved[a], self.shelved[b]) for a, b in self.doubtful]

    def unite(self, a_id: str, b_id: str) -> Paper:
        self.settled.append(("same", a_id, b_id))
        return self.shelved[a_id]

    def keep_apart(self, a_id: str, b_id: str) -> None:
        self.settled.append(("different", a_id, b_id))

    def example_questions(self) -> list[str]:
        return [
            "How are state-space models used in medical imaging?",
            "What does low-dose CT denoising gain?",
            "How much memory does a selective scan cost?",
            "Which papers read whole slides?",
        ]

    def warm_up(self) -> None:
        self.warmed.set()


def hostile_answer() -> tuple[tuple[Reference, ...], tuple[Statement, ...]]:
    """An answer whose every text attacks the page."""
    references = (
        Reference(1, HOSTILE[0], "h1", HOSTILE_TEXT, 8, 8 + len(HOSTILE_TEXT), Scores(fused=0.9, dense=0.8)),
        Reference(2, HOSTILE[1], "h2", HOSTILE[1].abstract, 0, len(HOSTILE[1].abstract), Scores(fused=0.8)),
    )
    statements = (
        Statement(HOSTILE_TEXT, (1, 2), Verdict.SUPPORTED, 0.9, Origin.GENERATED, HOSTILE_TEXT),
        Statement("# [1](http://evil.test/l)\n\n<b>bold</b>", (1,), Verdict.PARTLY, 0.5, Origin.EXTRACTED),
    )
    return references, statements
