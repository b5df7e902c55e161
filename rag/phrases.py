"""The phrases that papers share: runs of one to three words of substance, with the papers that use them.

Phrases name themes, widen a search and let code count what papers have in common ("five of eight
abstracts mention …"). They are read off the words alone: no list of subjects, no parser.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from index.cleaning import readable
from index.types import Paper
from rag.terms import REPORTING_STEMS, STOP, stem

LONGEST = 4  # words of a phrase
_WORD = re.compile(r"[^\W_]\w*(?:[-‑'’/]\w+)*|[.,;:!?()\[\]\"“”—]")
_FIGURE = re.compile(r"\d[\d.,]*\D{0,2}")
# Words that praise, measure, connect or act, and say nothing of a subject.
_WEAK = frozenset(
    map(
        stem,
        """accurate accurately achieving achievement across additional additionally adopt advance advanced
    advances advancing advantage aiming ability able adequate aligns alternative amount analyze analyzing
    applied apply applying area aspect assess assessing assist attention available average avoid baseline
    based basis believe benefit best better beyond bridge broad bring build building built capability
    capable capture capturing carry case category cause central certain challenge challenging change
    choose clear clearly close code collect combination combining common commonly compare compared
    comparable comparing comparison competitive complex complexity component comprehensive conduct
    conducted consider considerable consistent consistently construct context contrast contribution
    conventional corresponding cost create creating crucial current currently demand depend despite
    detail detailed develop developing development difference difficult difficulty direct directly
    discuss distinct diverse drive due ease easily effect effective effectively effectiveness efficiency
    efficient efficiently effort emerge emerging emphasize empirical enable enabling encourage enhance
    enhanced enhancing ensure ensuring entire essential established establishing evaluating evaluation
    evidence example excellent existing expensive experiment experimental experiments extend extensive
    extensively extract facilitate fact factor fail fairly far fast feature final finally fine first five
    flexible focus following form four full fully fundamental furthermore future gain gap general
    generally generate generated generating given goal good great greater greatly ground growing hand
    handle handling help hence hereby high higher highest highlight highly however huge idea identify
    identifying impact implement implementation importance important importantly improved improvement
    improving incorporate incorporating increase increased increasing increasingly indicate individual
    inherent initial input insight inspired instance instead integrate integrated integrating integration
    interest interpret issue joint key lack large largely larger largest lead leading level leverage
    leveraging limit limitation limited line low lower maintain maintaining major makes manner match
    maximum mean measure mechanism meet moreover motivate multiple mainly natural necessary need
    needed next notable notably number numerous observe obtained one open opportunity order original
    outcome outperform outperforming outperforms output overall overcome overview part particular
    particularly performing pipeline place point popular poor possible potential potentially power
    powerful practical practice precise preserve preserving prevent previous previously primarily
    primary principle prior problem procedure process processing produce producing progress promise
    promising property public publicly purpose quality quantitative question range rate reach real
    recent recently reduce reduced reducing reduction regard region relate related relevant reliable
    rely relying remain remarkable remarkably represent representing respectively respond response
    reveal rich role robust robustly robustness run scale scenario scope second section select
    selected sensitive series serve set setting seven shown side significance significant
    significantly similar simple simply single six size solution solve solving source space specific
    specifically stage standard start state-of-the-art sota still strategy strength strong stronger
    struggle substantial substantially success successful successfully sufficient suitable superior
    superiority support surpass surpassing target task ten tend test third three thus time today
    together tool total traditional training two type typically ultimately understand understanding
    unified unique unlike useful usage user usefulness utility utilize utilizing valid validate
    validation valuable value variety vary varying versatile version view viable vital way well wide
    widely widespread word world yield yields zero generalization generalizability generalize scalable
    scalability interpretable feasibility feasible plausible reliability hundred thousand million
    perspective knowledge information data dataset datasets domain domains algorithm approach learn
    learned learning network neural deep machine artificial intelligence ai sample samples github
    https com www available respective author paper propose aim need years year""".split(),
    )
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as most papers write it, its stems, and the papers that use it (ids, in the given order)."""

    text: str
    stems: tuple[str, ...]
    papers: tuple[str, ...]
    titled: int  # in how many of their titles it stands


def shared_phrases(papers: Sequence[Paper], least: int = 2) -> list[Phrase]:
    """Phrases that at least `least` of the papers use, by how many use them, longer ones first.

    A phrase that only ever stands within a longer one of the same papers is left out.
    """
    surfaces: dict[tuple[str, ...], Counter[str]] = {}
    users: dict[tuple[str, ...], dict[str, bool]] = {}
    ended: Counter[tuple[str, ...]] = Counter()
    for paper in papers:
        title, abstract = readable(paper.title or ""), readable(paper.abstract)
        for text, titled in ((title, True), (abstract, False)):
            for key, surface, ends in _grams(text):
                ended[key] += ends
                shown = " ".join(map(_plain_case, surface.split())) if titled else surface
                surfaces.setdefault(key, Counter())[shown] += 1
                held = users.setdefault(key, {})
                held[paper.id] = held.get(paper.id, False) or titled
    kept = {
        key: ids
        for key, ids in users.items()
        if len(ids) >= least and 2 * ended[key] >= surfaces[key].total()  # else it is a part of a longer one
    }
    whole = _maximal(kept)
    found = [Phrase(_shown(surfaces[key]), key, tuple(kept[key]), sum(kept[key].values())) for key in whole]
    return sorted(found, key=lambda p: (-len(p.papers), -len(p.stems), -p.titled, p.text))


def mentions(paper: Paper, stems: tuple[str, ...]) -> bool:
    """Whether a paper uses a phrase, in title or abstract."""
    text = f"{readable(paper.title or '')} . {readable(paper.abstract)}"
    return any(key == stems for key, _, _ in _grams(text))


_GAP = r"s?[^\w]+"  # between two words of a phrase, the first in either number


def written(phrase: str, text: str) -> bool:
    """Whether a text has a phrase as it is quoted, but for case, number and hyphens: "language-model" for
    "language models", not "language modeling".
    """
    words = [re.escape(word.removesuffix("s")) for word in re.split(r"[\s‑-]+", phrase)]
    return bool(re.search(r"(?<!\w)" + _GAP.join(words) + r"s?(?!\w)", text, re.IGNORECASE))


def _maximal(kept: dict[tuple[str, ...], dict[str, bool]]) -> list[tuple[str, ...]]:
    """Keys without those that stand, in as many papers and titles, within a longer one."""
    covered = set()
    for key, ids in kept.items():
        titled = sum(ids.values())
        for n in range(1, len(key)):
            for at in range(len(key) - n + 1):
                part = key[at : at + n]
                if part in kept and len(kept[part]) <= len(ids) and sum(kept[part].values()) <= titled:
                    covered.add(part)
    return [key for key in kept if key not in covered]


def _grams(text: str) -> list[tuple[tuple[str, ...], str, bool]]:
    """All phrases of a text: stems, surface, and whether its run of words ends with it."""
    found = []
    for run in runs(text):
        for at in range(len(run)):
            for n in range(1, min(LONGEST, len(run) - at) + 1):
                part = run[at : at + n]
                key = tuple(stem(w.lower()) for w in part)
                if _is_phrase(part, key):
                    found.append((key, " ".join(part), at + n == len(run)))
    return found


def runs(text: str) -> list[list[str]]:
    """Words of substance that stand side by side, in the order of the text."""
    runs: list[list[str]] = [[]]
    for m in _WORD.finditer(text):
        word = m.group()
        low = word.lower()
        if (
            not word[0].isalnum()
            or low in STOP
            or low.endswith("ly")
            or (_FIGURE.fullmatch(low) and low != "3d")
        ):
            runs.append([])
        else:
            runs[-1].append(word)
    return [run for run in runs if run]


def _is_phrase(words: Sequence[str], key: tuple[str, ...]) -> bool:
    """Whether it can stand for a subject: no weak word at its ends, not all reporting, no verb alone."""
    solid = [s for s in key if s not in _WEAK and s not in REPORTING_STEMS]
    if not solid or key[-1] in REPORTING_STEMS - {"model", "method", "report", "text", "review", "study"}:
        return False
    if len(key) == 1:
        word = words[0]
        return len(word) > 2 and not (word.islower() and word.endswith(("ing", "ed", "ize", "ise", "ive")))
    if key[0] in _WEAK and not (words[0].lower() in _OPENS and key[1] in _HEADS):
        return False
    return key[-1] not in _WEAK or key[-1] in _HEADS


_OPENS = frozenset("large natural deep machine neural artificial open-source 3d".split())
_HEADS = frozenset(
    map(
        stem,
        """language learning network data dataset datasets model models intelligence evaluation benchmark
    information knowledge quality training understanding generation processing support reports detection
    response question""".split(),
    )
)


def _shown(surfaces: Counter[str]) -> str:
    """The commonest spelling, of equally common ones the one with the fewest capitals."""
    return min(surfaces, key=lambda s: (-surfaces[s], sum(c.isupper() for c in s), s))


def _plain_case(word: str) -> str:
    """A word of a title as a sentence has it: "Vision" in small letters, "X-ray" and "CT" as they are."""
    return "".join(
        p if len(p) == 1 or any(c.isupper() or c.isdigit() for c in p[1:]) else p.lower()
        for p in re.split(r"([-‑/])", word)
    )
