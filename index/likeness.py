"""Are two records one work? Yes, no, or a doubt that a person has to settle.

Records are one when they share an identifier and their titles or abstracts agree, or when title,
authors, year and abstract or place in the journal leave no other reading. In doubt they stay two: a
work listed twice is a blemish, one that swallowed another is lost. A preprint and its article are one
work with two identifiers; two articles with two identifiers are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from enum import StrEnum

from index.cleaning import match_key
from index.names import split_name
from index.types import Paper

TITLE_KEY = 12  # letters and digits: a shorter title identifies nothing
TELLING_TITLE_KEY = 24  # a shorter title alone ("Books Received") is not enough
LONG_TITLE_KEY = 40  # yearly reports repeat a shorter one
PREFIX_KEY = 300  # of an abstract, to find the whole of one that was cut
CUT_SLACK = 20  # letters at a cut that may be half a word or half a command
SIMILAR = 0.6  # Jaccard of words, above which two abstracts are versions of one
NEARLY_SAME = 0.8  # the same, above which they are one even under a misspelt title
MISSPELT = 0.93  # ratio of equal letters, above which two titles may be spellings of one
_PREPRINT_DOI = re.compile(
    r"10\.(?:48550|1101|21203|26434|31234|31219|31235|20944|2139|36227|22541|31222|31223|12688|32942)/"
)
_NOTICE = re.compile(
    r"\W*(?:errat(?:um|a)|corrigend(?:um|a)|correction|retract(?:ion|ed)|withdrawn|expression of concern|"
    r"reply|response|comment(?:ary)?|editorial|author response|re|letter)\b",
    re.IGNORECASE,
)
_NUMERAL = re.compile(
    r"\b(?:\d+(?:\.\d+)*|i{1,3}|iv|vi{0,3}|ix|x|one|two|three|first|second|third|part [a-d])\b", re.I
)


class Likeness(StrEnum):
    """What two records are to each other."""

    SAME = "same"
    DOUBTFUL = "doubtful"
    DIFFERENT = "different"


def compare(a: Paper, b: Paper) -> Likeness:
    """Whether two records are one work; the order does not matter."""
    if _share_identifier(a, b):
        if _titles_agree(a, b) or same_text(a, b):
            return Likeness.SAME
        return Likeness.DIFFERENT if _strangers(a, b) or not (a.title and b.title) else Likeness.DOUBTFUL
    if _strangers(a, b) or not _titles_agree(a, b):
        return Likeness.DIFFERENT
    if _rivals(a, b):
        alike = _similar(a.abstract, b.abstract) if a.abstract and b.abstract else _share_first_author(a, b)
        telling = len(match_key(a.title or "")) >= LONG_TITLE_KEY
        close = same_text(a, b) or (_same_title(a, b) and telling and alike and _years_near(a, b, 3))
        return Likeness.DOUBTFUL if close else Likeness.DIFFERENT
    if same_text(a, b):
        apart = 3 if is_preprint(a) != is_preprint(b) else 1
        return Likeness.SAME if _years_near(a, b, apart) or _same_place(a, b) else Likeness.DOUBTFUL
    return _by_title(a, b) if _same_title(a, b) else _by_spelling(a, b)


def is_preprint(paper: Paper) -> bool:
    """Whether a record is of a preprint, by its type, its DOI or where it is kept."""
    if paper.type == "article" or _PREPRINT_DOI.match(paper.doi or ""):
        return True
    venue = (paper.venue or "").casefold()
    return venue.startswith(("arxiv", "biorxiv", "medrxiv", "corr")) or bool(paper.arxiv_id and not paper.doi)


def same_text(a: Paper, b: Paper) -> bool:
    """Equal abstracts, or one that is the other cut off."""
    (short, cut), (long, _) = sorted(
        ((match_key(p.abstract), p.truncated) for p in (a, b)), key=lambda pair: len(pair[0])
    )
    if short == long:
        return bool(short)
    stem = short[: max(PREFIX_KEY, len(short) - CUT_SLACK)]
    return cut and len(short) >= PREFIX_KEY and long.startswith(stem)


def skeleton(title: str) -> str:
    """Letters and digits of a title without its small words, which are dropped and added at will."""
    return match_key(re.sub(r"&amp;|&|\b(?:and|the|an?|of|in|on|for|to)\b", " ", title, flags=re.IGNORECASE))


def _by_title(a: Paper, b: Paper) -> Likeness:
    """Two records under one title, no text in common and no identifiers that tell them apart."""
    length = len(match_key(a.title or ""))
    if length < TITLE_KEY:
        return Likeness.DIFFERENT
    linked = is_preprint(a) != is_preprint(b)  # of a work with two identifiers
    if a.abstract and b.abstract:
        if _similar(a.abstract, b.abstract) and (_years_near(a, b, 3 if linked else 1) or _same_place(a, b)):
            return Likeness.SAME
        if _same_authors(a, b) and _years_near(a, b, 3 if linked else 1):
            return Likeness.SAME
        return Likeness.DOUBTFUL if _share_first_author(a, b) else Likeness.DIFFERENT
    if _same_place(a, b):
        return Likeness.SAME
    telling = length >= TELLING_TITLE_KEY or bool(a.authors and b.authors)
    if telling and _years_agree(a, b, length):
        return Likeness.SAME
    near = telling and _years_near(a, b, 3) and _share_first_author(a, b)
    return Likeness.DOUBTFUL if near and length >= TELLING_TITLE_KEY else Likeness.DIFFERENT


def _by_spelling(a: Paper, b: Paper) -> Likeness:
    """Two records whose titles are nearly the same, or one the other without its subtitle."""
    title_a, title_b = skeleton(a.title or ""), skeleton(b.title or "")
    if min(len(title_a), len(title_b)) < TITLE_KEY or _numerals(a) != _numerals(b) or _notices_differ(a, b):
        return Likeness.DIFFERENT
    part = abs(len(title_a) - len(title_b)) > 3
    if not _spelt_alike(title_a, title_b):
        return Likeness.DIFFERENT
    if not _years_near(a, b, 1):
        return Likeness.DIFFERENT
    known = a.authors and b.authors
    if _same_place(a, b) and (_share_first_author(a, b) or not known):
        return Likeness.SAME
    if a.abstract and b.abstract:
        if _jaccard(a.abstract, b.abstract) >= NEARLY_SAME:
            return Likeness.SAME
        return Likeness.DOUBTFUL if _similar(a.abstract, b.abstract) else Likeness.DIFFERENT
    if title_a == title_b and _share_first_author(a, b) and len(title_a) >= TELLING_TITLE_KEY:
        return Likeness.SAME
    if known and a.year and a.year == b.year and len(title_a) >= LONG_TITLE_KEY and _all_authors(a, b):
        unplaced = not (a.pages and b.pages and _place(a) != _place(b))
        return Likeness.SAME if unplaced and not part and _one_slip(a, b) else Likeness.DOUBTFUL
    return Likeness.DOUBTFUL if _share_first_author(a, b) else Likeness.DIFFERENT


def _one_slip(a: Paper, b: Paper) -> bool:
    """Whether the titles differ in the spelling of words only: each word has a near twin in the other."""
    words_a, words_b = (re.findall(r"\w+", p.title.casefold() if p.title else "") for p in (a, b))
    if len(words_a) != len(words_b):
        return False
    odd = [(x, y) for x, y in zip(words_a, words_b, strict=True) if match_key(x) != match_key(y)]
    near = all(
        len(x) > 4 and SequenceMatcher(None, x, y).ratio() >= 0.8 and x[:2] != "un" != y[:2] for x, y in odd
    )
    return len(odd) <= 1 and near and not any(_is_pair(x, y) for x, y in odd)


def _is_pair(a: str, b: str) -> bool:
    """Whether one word is the other with something in front: "male" and "female" are no slip."""
    return a.endswith(b) or b.endswith(a)


def _titles_agree(a: Paper, b: Paper) -> bool:
    """Also when one is missing, lacks its subtitle, or is misspelt."""
    key_a, key_b = match_key(a.title or ""), match_key(b.title or "")
    if key_a.startswith(key_b) or key_b.startswith(key_a):
        return True
    if _jaccard(a.title or "", b.title or "") >= SIMILAR:
        return True
    return _spelt_alike(skeleton(a.title or ""), skeleton(b.title or ""))


def _spelt_alike(a: str, b: str) -> bool:
    """Whether one title, but for slips, is the other or its beginning."""
    short, long = sorted((a, b), key=len)
    if not short:
        return False
    if long.startswith(short):
        return True
    if len(short) < TELLING_TITLE_KEY:
        return False
    start = long if len(short) > MISSPELT**2 * len(long) else long[: len(short)]
    matcher = SequenceMatcher(None, short, start, autojunk=False)
    return matcher.real_quick_ratio() >= MISSPELT and matcher.quick_ratio() >= MISSPELT <= matcher.ratio()


def _same_title(a: Paper, b: Paper) -> bool:
    return match_key(a.title or "") == match_key(b.title or "")


def _notices_differ(a: Paper, b: Paper) -> bool:
    return bool(_NOTICE.match(a.title or "")) != bool(_NOTICE.match(b.title or ""))


def _numerals(paper: Paper) -> list[str]:
    return sorted(m.casefold() for m in _NUMERAL.findall(paper.title or ""))


def _share_identifier(a: Paper, b: Paper) -> bool:
    own = a.id == b.id and not is_derived(a.id)
    return own or any(x and x == y for x, y in _identifier_pairs(a, b))


def is_derived(paper_id: str) -> bool:
    """Whether an id was made from a record, so that it says nothing that the record does not."""
    return bool(re.fullmatch(r"p-[0-9a-f]{12}(-[0-9a-f]{8})?|(doi|arxiv|pmid):.+", paper_id))


def _rivals(a: Paper, b: Paper) -> bool:
    """Whether both have identifiers of one kind that differ, and neither is the other's preprint."""
    differ = any(x and y and x != y for x, y in _identifier_pairs(a, b))
    return differ and not (is_preprint(a) != is_preprint(b))


def _identifier_pairs(a: Paper, b: Paper) -> list[tuple[str, str]]:
    pairs = ((a.doi, b.doi), (a.arxiv_id, b.arxiv_id), (a.pmid, b.pmid))
    return [((x or "").lower(), (y or "").lower()) for x, y in pairs]


def _similar(a: str, b: str) -> bool:
    return _jaccard(a, b) >= SIMILAR


def _jaccard(a: str, b: str) -> float:
    words_a, words_b = (set(re.findall(r"\w+", text.casefold())) for text in (a, b))
    union = words_a | words_b
    return len(words_a & words_b) / len(union) if union else 0.0


def _families(paper: Paper) -> list[str]:
    return [match_key(split_name(name).family) for name in paper.authors]


def _same_authors(a: Paper, b: Paper) -> bool:
    """Whether the first two family names agree."""
    return bool(a.authors and b.authors) and _families(a)[:2] == _families(b)[:2]


def _all_authors(a: Paper, b: Paper) -> bool:
    """Whether one list of authors is the beginning of the other ("et al.")."""
    short, long = sorted((_families(a), _families(b)), key=len)
    return bool(short) and long[: len(short)] == short


def _share_first_author(a: Paper, b: Paper) -> bool:
    return bool(a.authors and b.authors) and _families(a)[0] == _families(b)[0]


def _strangers(a: Paper, b: Paper) -> bool:
    """Whether both records name authors and share none, however the names are written."""
    names = [{_bare(w) for w in _words(p.authors)} for p in (a, b)]
    return bool(names[0] and names[1]) and not names[0] & names[1]


def _bare(word: str) -> str:
    return match_key(word)


def _words(names: Iterable[str]) -> Iterable[str]:
    return (w for name in names for w in re.findall(r"\w\w+", name.casefold()))


def _place(paper: Paper) -> tuple[str, str]:
    first = re.split(r"[-–,]", paper.pages or "")[0].strip().casefold()
    return (paper.volume or "").strip().casefold(), first


def _same_place(a: Paper, b: Paper) -> bool:
    """Whether both stand in the same volume on the same page, of years that do not contradict."""
    place = _place(a)
    return all(place) and place == _place(b) and _years_near(a, b, 1)


def _years_near(a: Paper, b: Paper, years: int) -> bool:
    return a.year is None or b.year is None or abs(a.year - b.year) <= years


def _years_agree(a: Paper, b: Paper, title_key: int) -> bool:
    """Equal or unknown years; under a long title, a preprint may be one year ahead."""
    return _years_near(a, b, 1 if title_key >= LONG_TITLE_KEY else 0)
