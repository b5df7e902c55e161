"""Words as the checks see them: stems, numbers with units, names.

Pure functions over readable text. The stemmer is deliberately light (inflection only, no
derivation): a check that folds "infer" and "inference" would also fold words that differ.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

_WORD = re.compile(r"[^\W\d_][\w]*(?:[-‑'’][\w]+)*", re.UNICODE)
_NUMBER = re.compile(
    r"(?<![\w.])(?<![A-Za-z][-‑])[-−+±~≈<>≤≥]?\s?"
    r"(\d{1,3}(?:[,\u202f\u00a0 ]\d{3})++(?:\.\d++)?|\d++(?:[.·]\d++)?)"
    r"(?:[\s-]?(%|percent(?:age points?)?|per cent|[kKMB](?![\w])|×|x(?![\w])|[µmncdk]?[mgLls](?![\w])"
    r"|million|billion|thousand|hundred|hours?|minutes?|seconds?|days?|weeks?|months?|years?"
    r"|fold|points?|times|GB|MB|TB|Hz|kHz|ms|dB|T(?!\w)))?(?![A-Za-z])"
)
_UNITS = {
    "percent": "%", "per cent": "%", "percentage point": "%", "percentage points": "%", "×": "x",
    "times": "x", "fold": "x", "hour": "hours", "minute": "minutes", "second": "seconds",
    "day": "days", "week": "weeks", "month": "months", "year": "years", "point": "points",
}  # fmt: skip
_SHARED = frozenset("% points hours minutes seconds days weeks months years mm cm km ms".split())
_SCALES = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "b": 1e9, "billion": 1e9, "hundred": 1e2,
}  # fmt: skip
_NUMBER_WORDS = {
    w: n
    for n, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen twenty".split()
    )
}
_ORDINALS = {
    w: n + 1 for n, w in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split())
}

_COUNT_WORDS = ("no", *list(_NUMBER_WORDS)[1:13])  # of things

STOP = frozenset(
    """a about above across after again against all also although am among an and another any are as at be
    became because been before being between both but by can could did do does doing done due during each
    either else etc ever every few for from further get gets got had has have having he her here hers him his
    how however i if in into is it its itself just kind last least less let like likely made make makes making
    many may me might more most much must my near nearly neither no nor not now of off often on once one only
    onto or other others our ours out over own per perhaps quite rather really said same say says see she
    should since so some something sort still such take taken than that the their theirs them then there
    therefore these they thing things this those though through thus to together too toward towards two under
    until up upon us use used uses using various very via was we well were what when where whether which while
    who whom whose why will with within without would yet you your""".split()
)

# Words that connect or report; a statement may use them though its source does not.
REPORTING = frozenset(
    """achieve achieves achieved address addresses addressed aim aims allow allows also approach approaches
    article author authors based called combine combines conclude concludes consist consists contain contains
    contribute demonstrate demonstrates demonstrated describe describes described design designed develop
    develops developed employ enable enables evaluate evaluates evaluated examine examines examined explore
    explores explored find finds finding findings focus focuses found framework give gives group help helps
    improve include includes including introduce introduces introduced investigate investigates involve
    involves known main method methods model models named new novel obtain obtains offer offers paper papers
    perform performance performs present presents presented propose proposes proposed provide provides
    provided reach reaches reached report reports reported require requires research researchers result
    results review reviews show shows showed shown study studies studied suggest suggests system systems
    technique techniques term terms test tested tests text train trained work works""".split()
)

_MEASURE = re.compile(r"[\d.,–-]+(?![A-Z][\w-]*[A-Z])")  # "22K", "141M-parameter", not "3D-UNet"

_JOINED = re.compile(  # between two numbers that share the unit of the second: "7.3 and 5.6%"
    r"\s*(?:,|;|/|[-–—]|±|\+/-|to|and|or|vs\.?|versus|against|from|of|over|(?:,? )?and)\s*", re.IGNORECASE
)
_NAME_ENDS = re.compile(r"[^\s()\[\]{},;:!?\"“”„/<>=~≈±≤≥+]+")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands in a text: value with its scale applied, unit or "", and where."""

    value: float
    unit: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Token:
    """A word that carries meaning: its stem, and where it stands in the text."""

    stem: str
    start: int
    end: int


def words(text: str) -> list[str]:
    """Lower-case words, accents kept, in order."""
    return [m.group().lower().replace("‑", "-").replace("’", "'") for m in _WORD.finditer(text)]


def stem(word: str) -> str:
    """The word without its inflection: plural, -ed, -ing; short words stay as they are."""
    w = word.lower().removesuffix("'s")
    for suffix, least in (("ies", 5), ("ied", 5), ("sses", 6), ("ing", 6), ("ed", 5), ("es", 5), ("s", 4)):
        if w.endswith(suffix) and len(w) >= least and not w.endswith(("ss", "us", "is")):
            w = w[: -len(suffix)]
            if suffix in ("ies", "ied"):
                return w + "y"
            if suffix == "sses":
                return w + "ss"
            break
    if len(w) > 3 and w[-1] == w[-2] and w[-1] not in "lsz":
        w = w[:-1]  # "mapped" → "map"
    return w[:-1] if len(w) > 3 and w.endswith("e") else w


REPORTING_STEMS = frozenset(map(stem, REPORTING))


def content_stems(text: str) -> list[str]:
    """Stems of the words that carry meaning, parts of hyphenated words apart, in order."""
    return [t.stem for t in tokens(text)]


def in_a_row(wanted: Sequence[str], held: Sequence[str]) -> bool:
    """Whether the wanted stems, if there are any, stand side by side among those held."""
    sought = list(wanted)
    return bool(sought) and any(
        list(held[at : at + len(sought)]) == sought for at in range(len(held) - len(sought) + 1)
    )


def tokens(text: str) -> list[Token]:
    """The words that carry meaning, with their places; parts of hyphenated words apart."""
    found = []
    for m in _WORD.finditer(text):
        for part in re.finditer(r"[^-‑]+", m.group()):
            word = part.group().lower().replace("’", "'")
            if len(word) > 1 and word not in STOP:
                start = m.start() + part.start()
                found.append(Token(stem(word), start, start + len(word)))
    return found


def numbers(text: str) -> list[Number]:
    """Numbers of a text, digits and number words; parts of names such as "GPT-4" are left out."""
    found = [_number(m) for m in _NUMBER.finditer(text)]
    for m in re.finditer(r"[^\W\d_]+", text):
        word = m.group().lower()
        value = _NUMBER_WORDS.get(word.removesuffix("fold"), _ORDINALS.get(word))
        if value is not None and value > 1:
            found.append(Number(float(value), "x" if word.endswith("fold") else "", m.start(), m.end()))
    for m in re.finditer(r"\b(\d+)(?:st|nd|rd|th)\b", text):
        found.append(Number(float(m.group(1)), "", m.start(), m.end()))
    return _with_shared_units(text, sorted(found, key=lambda n: n.start))


def _with_shared_units(text: str, found: list[Number]) -> list[Number]:
    """A unit reaches back over joined numbers: 7.3 in "7.3 and 5.6%" is a percentage."""
    for i in range(len(found) - 1, -1, -1):
        number = found[i]
        if number.unit:
            continue
        if text[: number.start].endswith("%"):
            found[i] = replace(number, unit="%")
        elif i + 1 < len(found) and found[i + 1].unit in _SHARED:
            if _JOINED.fullmatch(text, number.end, found[i + 1].start):
                found[i] = replace(number, unit=found[i + 1].unit)
    return found


def _number(match: re.Match[str]) -> Number:
    digits = float(re.sub(r"[,\u202f\u00a0 ]", "", match.group(1)).replace("·", "."))
    unit = match.group(2) or ""
    scale = _SCALES.get(unit.lower())
    if scale and unit not in ("m", "b"):  # a small m is a metre
        return Number(digits * scale, "", match.start(1), match.end())
    return Number(digits, _UNITS.get(unit.lower(), unit.lower()), match.start(1), match.end())


def names(text: str) -> set[str]:
    """Names and acronyms, lower-cased: words with a capital or digit inside, or capitalised mid-sentence.

    Superscripts and signs of formulas are undone ("T^3" and "T³" are "t3"); figures are no names.
    """
    found = set()
    for m in _NAME_ENDS.finditer(text):
        token = m.group().strip(".'’‘`*-–—|").removesuffix("'s").removesuffix("’s")
        if len(token) < 2 or not any(c.isalpha() for c in token) or _MEASURE.match(token):
            continue
        first = _opens_sentence(text, m.start())
        if (
            any(c.isupper() for c in token[1:])
            or any(c.isdigit() for c in token)
            or (token[0].isupper() and not first)
        ):
            found.add(plain_name(token))
    return found


def plain_name(text: str) -> str:
    """A name, or a text to look for names in, without what spellings differ in."""
    return re.sub(r"[\^_$\\{}]", "", unicodedata.normalize("NFKC", text)).lower().replace("‑", "-")


def _opens_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip(" \"'“‘(")
    return not before or before[-1] in ".!?:"


def number_word(count: int, most: int = 12) -> str:
    """A count of things in words: "no", "one" and so on up to `most`, which is at most twelve."""
    return _COUNT_WORDS[count] if 0 <= count <= most else str(count)
