"""How well a sentence fits each usual aspect: additive scores of cues in its wording and of its place.

The weights were set by reading development abstracts; a score at or below 0 is no fit. With the score comes
the span of the telling words, so that a long sentence is cut around them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.compare.abstract import Part, Told
from rag.terms import numbers

_I = re.IGNORECASE
_INTRODUCES = re.compile(
    r"\b(?:propos|introduc|present|develop|creat|construct|build(?:s|ing)?\b|built|design|releas|publish|collect|"
    r"curat|contribut|establish|address|offer|describ|provid|explor|investigat|examin|stud(?:y|ies|ied)\b|evaluat|"
    r"assess|analy[sz]|compar|review|survey|summari[sz]|outlin|discuss|benchmark|test|ask|measur|argu|extend|adapt|"
    r"tackl|quantif|focus|demonstrat|show|identif|turn to|call)\w*",
    _I,
)
_AIM = re.compile(
    r"\b(?:aim(?:s|ed|ing)? (?:to|at)|the (?:aim|goal|objective|purpose|focus) (?:of|is|was)|designed (?:to|for)|"
    r"(?:task|problem|challenge) of|in order to|whether|how well|"
    r"to (?:address|tackle|predict|detect|segment|classify|generate|test|determine|assess|evaluate|measure|map|"
    r"forecast|accelerate|enable|automate|identify|estimate|diagnose|improve|help|support|examine|investigate))\b",
    _I,
)
_FOR = re.compile(r"\bfor (?:[\w-]+ ){0,4}[\w-]+|\bof (?:[\w-]+ ){0,3}[\w-]+", _I)
_HOW = re.compile(
    r"\b(?:us(?:es?|ed|ing)|employ\w*|leverag\w*|utili[sz]\w*|integrat\w*|combin\w*|consist(?:s|ed|ing)? of|"
    r"compris\w*|incorporat\w*|train(?:s|ed)|fine-?tun\w*|pre-?train\w*|based on|built (?:on|upon)|via|through|"
    r"by (?:\w+ly )?\w+ing|encod\w*|module|architecture|network|transformer|loss|strategy|framework|pipeline|"
    r"adapts?|adopt\w*|appl(?:y|ies|ied)|extract\w*|fus\w*|align\w*|cluster\w*|inject\w*|operates?|formulat\w*|"
    r"generat\w*|annotat\w*|categori[sz]\w*|taxonomy|group|classif\w*|search\w*|synthesi[sz]\w*|distil\w*|"
    r"decoupl\w*|replac\w*|jointly|learns?|mechanism|algorithm|stages?|attention|diffusion|prompt\w*|regress\w*|"
    r"questionnaire|interview\w*|experts?|randomi[sz]ed|retrospective\w*|prospective\w*)\b",
    _I,
)
_DOES = re.compile(
    r"\b(?:we|authors|method|model|framework|approach|network|system|architecture|paper|study|it|they|which|that)\b",
    _I,
)
_FINDS = re.compile(
    r"\b(?:outperform\w*|achiev\w*|surpass\w*|exceed\w*|(?:results?|experiments?|evaluations?|findings?|analys[ei]s)\b"
    r".{0,60}\b(?:show|indicat|demonstrat|reveal|suggest|confirm|highlight|prove)\w*|(?:we|authors|study|and) "
    r"(?:\w+ly )?(?:also )?(?:f(?:ou|i)nd|show|demonstrate|observe)(?:s|ed)?\b(?! ?the value)|reveal\w*|"
    r"show(?:s|ed|n)?\b|demonstrat\w*|state[- ]of[- ]the[- ]art|SOTA|yield\w*|reach\w*|scor(?:es?|ed)\b(?! of)|"
    r"(?:higher|lower|better|worse|faster|more accurate\w*) than|reduc(?:es|ed)|increas(?:es|ed)|improv(?:es|ed)|"
    r"gains?|rais(?:es|ed)|rival\w*|match(?:es|ed)|beats?|best|prefer(?:red)?|comparable|on par|accura(?:cy|te)|"
    r"consistently|superior\w*|competitive|correlat\w*|associat(?:ed|ion)|attain\w*|effective(?:ness)?|lead(?:s|ing)?"
    r"|rank(?:s|ed)|won|significant(?:ly)?)\b",
    _I,
)
_STRONG = re.compile(
    r"\b(?:outperform\w*|surpass\w*|exceed\w*|achiev\w*|state[- ]of[- ]the[- ]art|SOTA|beats?|(?:we|authors) "
    r"f(?:ou|i)nd|results (?:show|indicat|demonstrat|reveal|suggest)\w*|improv(?:es|ed)|scored|reaches|attains?)\b",
    _I,
)
_FUTURE = re.compile(
    r"\b(?:will|hope|future|promis\w+|potential(?:ly)?|aims?|could|can (?:help|serve|be)|pav\w+ the way|believe|"
    r"step toward\w*|encourag\w*|intend\w*|plan)\b",
    _I,
)
_CODE = re.compile(
    r"https?:|github|\b(?:code|weights?|datasets?|data|models?|checkpoints?|benchmark)\b.{0,60}\b(?:available|released|"
    r"open[- ]?sourced?|accessible|public)\b|\bavailable at\b|\bproject page\b|leaderboard:",
    _I,
)
_GOAL_ONLY = re.compile(r"^(?:in order )?to (?:improve|reduce|increase|demonstrate|show)\b", _I)
_DATA_NOUN = (
    r"(?:data ?sets?|cohorts?|corpus|corpora|benchmarks?|patients?|participants?|subjects|individuals|volunteers|"
    r"images?|scans?|slides?|volumes|videos?|photographs?|radiographs?|x-rays?|mammograms?|reports?|records?|notes|"
    r"samples|pairs|questions|cases|studies|papers|articles|publications|abstracts|examinations|exams?|visits|"
    r"admissions|biopsies|tiles|patches|cells|spots|profiles|sequences|signals|recordings|ECGs|EEGs|CTs|MRIs|WSIs|"
    r"dialogues?|conversations|instructions?|documents|posts|tweets|tasks|annotations|masks|hospitals|centers|"
    r"tokens|triples|rumors|concepts|cross-sections|contributions|encounters|trials|clips|frames|words|sentences|"
    r"queries|surveys|paragraphs|databases?|registr(?:y|ies)|repositor(?:y|ies)|tumou?rs|lesions|subtypes|sections)"
)
_COUNTED = re.compile(
    r"(?<![\w.])(?:(?:over|about|around|more than|approximately|nearly|only|>|~)\s?)?"
    r"(?:\d[\d,.]*\s?(?:[kKMB]\b|million|billion|thousand|TB|GB|hours)?\+?|two|three|four|five|six|seven|eight|nine|"
    r"ten|eleven|twelve|thirteen|fourteen|fifteen|twenty|thirty|hundreds of|thousands of|millions of)"
    rf"[\s-](?:of )?(?:(?!than\b|of the\b|times\b)[\w'/-]+,? (?:and )?){{0,5}}?{_DATA_NOUN}\b",
    _I,
)
_SET = re.compile(
    r"\b(?:data ?sets?|cohorts?|corpus|corpora|database|data from|records of|trained on|tested on|evaluated on|"
    r"validated on|pre-?trained on|fine-?tuned on|evaluat\w+ (?:\w+ ){0,3}(?:on|across|with|using)|"
    r"experiments? (?:\w+ )?(?:on|across|with|using)|curated?|collected?)\b",
    _I,
)
_NAME = r"[A-Z][\w-]*[A-Z\d][\w-]*"  # a name of data: MIMIC-CXR, TCGA, BraTS2020
_NAMED_SET = re.compile(
    rf"\b{_NAME}(?:(?:,? and|,|/) {_NAME})*(?: [A-Za-z-]+)? (?:data ?sets?|cohorts?|corpus|benchmarks?|challenges?|"
    rf"database|test sets?|data)\b|\b(?:data ?sets?|benchmarks?|cohorts?)(?:,| such as| including|:| like|\s?\() ?{_NAME}"
    rf"|\b(?:MIMIC|TCGA|ADNI|BraTS|UK Biobank|CheXpert|MedQA|PubMedQA|eICU|GEO|PubMed|Synapse|ACDC)\b[\w-]*"
    rf"|\b(?:experiments?|evaluat\w+|test\w*|train\w*|fine-?tun\w*|validat\w*|results?|gains?|FID|accuracy|Dice|"
    rf"performance)\b[^.;]{{0,60}}? on (?:the )?{_NAME}\b"
)
_VAGUE_SET = re.compile(r"\b(?:several|various|multiple|many|diverse|different|public) (?:\w+ ){0,2}data ?sets?\b", _I)
_NO_DATA = re.compile(
    r"\b(?:dataset|data)[- ](?:construction|curation|free|efficient|scarcity|driven)\b|\bdata (?:augmentation|privacy|"
    r"mining)\b",
    _I,
)
_LIMIT = re.compile(
    r"\b(?:limitations?|however|but|although|though|despite|did not|do(?:es)? not|cannot|not yet|remain\w*|"
    r"future (?:work|research|studies)|further (?:research|work|studies|validation|investigation|improvement)|"
    r"fail\w*|unclear|struggl\w*|underperform\w*|fall(?:s|ing)? short|degrad\w*|lag\w*|needed|insufficient\w*|"
    r"suffer\w*|limited|poorly|still|hallucinat\w*|drop(?:s|ped)?|declin\w*|lower|worse|bottleneck|only|"
    r"caution|restricted|gaps?|challeng(?:es|ing)|inconsisten\w*|bias\w*|shortcomings?|weak\w*)\b",
    _I,
)
_LIMIT_SURE = re.compile(
    r"\b(?:limitations? (?:of (?:this|the|our)|include|are|is)|(?:this|our) (?:study|work|review) (?:is|was) limited|"
    r"(?:further|future) (?:research|work|stud(?:y|ies)|validation|investigations?|improvements?)\b.{0,60}\b(?:need|"
    r"requir|necess|warrant|must|should|remain)\w*|need(?:s|ed)? (?:for )?(?:further|more) (?:research|work|studies|"
    r"validation)|(?:validation|research|work|studies) .{0,30}(?:still |is |are )needed|still (?:needed|lack\w*|"
    r"struggl\w*|fall\w*|lag\w*|fail\w*|far)|fall(?:s|ing)? short|struggl\w*|underperform\w*|(?:does|did|do) not "
    r"(?:\w+ )?(?:improve|generali[sz]e|reach|match|help|outperform|guarantee|always)|performance (?:was|is) "
    r"(?:lower|worse|poor)|perform(?:s|ed|ing)? (?:poorly|worse)|far from|lag\w* behind|degrad(?:es?|ed)|"
    r"not (?:yet )?(?:sufficient|suitable|ready|reliable)|fail(?:s|ed)? to|insufficient|remains? (?:a )?(?:challeng|"
    r"limited|open|unclear|difficult|low|poor|unsolved|insufficient)\w*|bottleneck|at the (?:cost|expense) of|"
    r"significant (?:gaps?|limitations?|shortcomings?|weaknesses)|(?:reveal|expos|highlight|uncover|identif)\w* .{0,40}"
    r"(?:gaps?|limitations?|shortcomings?|weakness\w*|deficienc\w*|failures?))\b",
    _I,
)
_OVERCOMES = re.compile(
    r"\b(?:overcom|address|mitigat|alleviat|surpass|solv|tackl|reduc|bridg|avoid|without|eliminat|resolv|"
    r"fill|close|handl|counter|compensat|improv|outperform|achiev)\w*\b",
    _I,
)
_OTHERS_FAIL = re.compile(
    r"\b(?:existing|previous|prior|conventional|traditional|current|baselines?|other) (?:[\w-]+ ){0,3}(?:methods?|"
    r"approach\w*|works?|stud(?:y|ies)|models?|techniques?|systems?|benchmarks?|baselines?|practices?)\b|"
    r"\bbaselines? \w+|\bfail to learn\b",
    _I,
)


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a sentence fits an aspect, and the span of its telling words."""

    score: float
    anchor: tuple[int, int] = (0, 0)


NO_FIT = Fit(0.0)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sentence stands: from the first sentence of the paper on itself, and in the whole, in [0, 1]."""

    since: int
    late: float
    is_survey: bool = False


def task(one: Told, place: Place) -> Fit:
    """What the paper sets out to do."""
    if not one.own and one.part is not Part.AIM:
        return NO_FIT
    intro, aim = _INTRODUCES.search(one.text), _AIM.search(one.text)
    if not (intro or aim) or _CODE.search(one.text):
        return NO_FIT
    score = 0.6 * bool(intro) + 0.5 * bool(aim) + 0.2 * bool(_FOR.search(one.text))
    score += 1.2 * (one.part is Part.AIM) + 0.5 * (place.since == 0)
    score -= 0.25 * place.since + 0.6 * bool(_STRONG.search(one.text)) + 0.3 * bool(_FUTURE.search(one.text))
    return Fit(score, (intro or aim).span())  # type: ignore[union-attr]


def method(one: Told, place: Place) -> Fit:
    """How it goes about it."""
    how = list(_HOW.finditer(one.text))
    if not one.own or one.part in (Part.AIM, Part.CONCLUSION) or not how or _CODE.search(one.text):
        return NO_FIT
    found, figures = bool(_STRONG.search(one.text)), bool(_percent(one.text))
    score = 0.5 + 0.15 * min(len(how), 4) + 0.2 * bool(_DOES.search(one.text)) + 0.4 * (one.part is Part.METHOD)
    score -= 0.8 * found + 0.5 * figures + 0.3 * bool(_FINDS.search(one.text)) + 0.3 * bool(_FUTURE.search(one.text))
    score -= 0.9 * (one.part is Part.RESULT) + 0.08 * place.since
    return Fit(score, how[0].span())


def result(one: Told, place: Place) -> Fit:
    """What came out."""
    if not one.own or one.part is Part.AIM or _CODE.search(one.text) or _GOAL_ONLY.match(one.text):
        return NO_FIT
    found = _STRONG.search(one.text) or _FINDS.search(one.text)
    if not found and one.part is not Part.RESULT:
        return NO_FIT
    score = 0.4 * bool(found) + 0.5 * bool(_STRONG.search(one.text)) + 0.4 * bool(_percent(one.text))
    score += 0.5 * (one.part is Part.RESULT) + 0.3 * (one.part is Part.CONCLUSION) + 0.2 * place.late
    score -= 0.5 * bool(_FUTURE.search(one.text)) + 0.6 * (one.part is Part.METHOD)
    score -= 0.7 * (place.since == 0) * (place.late < 0.7)
    score -= 0.5 * bool(re.search(r"\b(?:we|paper|study) (?:\w+ )?(?:propos|introduc|present|develop)\w*", one.text, _I))
    return Fit(score - 0.2, found.span() if found else (0, 0))


def data(one: Told, place: Place) -> Fit:
    """What it rests on: data sets, cohorts, how many of what."""
    if not one.own and not (_COUNTED.search(one.text) and _WE_USE.search(one.text)):
        return NO_FIT
    counted = _counted(one.text)
    named, held = _NAMED_SET.search(one.text), _SET.search(one.text)
    vague = _VAGUE_SET.search(one.text)
    if not (counted or named or vague or held):
        return NO_FIT
    score = 0.8 * bool(counted) + 0.6 * bool(named) + 0.4 * bool(held) + 0.2 * bool(vague)
    score -= 0.5 * bool(_CODE.search(one.text)) + 0.4 * bool(_NO_DATA.search(one.text)) + 0.03 * place.since
    score -= 0.3 * bool(_FUTURE.search(one.text)) + 0.3 * (one.part is Part.CONCLUSION)
    anchor = counted or named or vague or held
    return Fit(score - 0.35, anchor.span() if anchor else (0, 0))


_WE_USE = re.compile(r"\b(?:we|our)\b", _I)


def limits(one: Told, place: Place) -> Fit:
    """What it does not do, falls short of or leaves open; limits of other work are none of its own."""
    sure, some = _LIMIT_SURE.search(one.text), _LIMIT.search(one.text)
    if not one.own or place.since == 0 or not some or _CODE.search(one.text):
        return NO_FIT
    others = _OTHERS_FAIL.search(one.text)
    before = one.text[: sure.start()] if sure else one.text
    if (others and not sure) or (others and sure and others.start() < sure.start()):
        return NO_FIT
    if sure and _OVERCOMES.search(before[-50:]):
        return NO_FIT
    score = 0.8 * bool(sure) + 0.2 * place.late
    return Fit(score - 0.5, sure.span()) if sure else NO_FIT


def _percent(text: str) -> bool:
    """Whether it has a figure that measures: with a unit or a fraction."""
    return any(n.unit in ("%", "x", "points") or n.value != int(n.value) for n in numbers(text))


def _counted(text: str) -> re.Match[str] | None:
    """The first count of data, years and labels aside."""
    for m in _COUNTED.finditer(text):
        if not re.match(r"(?:19|20)\d\d\b", m.group()):
            return m
    return None
