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
_PRESENTED = re.compile(
    r"\b(?:is|are|was) (?:\w+ly )?(?:introduced|proposed|presented|described|developed|reviewed|surveyed|released|"
    r"examined|investigated|compared|intended|designed|built|created|offered|studied)\b",
    _I,
)
# "ResQu is a framework …", "BM-MAE adds …": what the paper is about is defined.
_DEFINED = re.compile(
    r"^(?:the |this )?(?:[\w.-]+ ){1,4}(?:\([^)]*\),? )?(?:is|are|adds?|aims?|extends?|provides?|offers?|introduces|presents|"
    r"proposes|addresses|enables|unifies|detects?|generates?|predicts?|segments?|turns|takes|curates|collects)\b",
    _I,
)
_AIM = re.compile(
    r"\b(?:aim(?:s|ed|ing)? (?:to|at)|the (?:aim|goal|objective|purpose|focus) (?:of|is|was)|designed (?:to|for)|"
    r"(?:task|problem|challenge) of|in order to|whether|how well|"
    r"to (?:address|tackle|predict|detect|segment|classify|generate|test|determine|assess|evaluate|measure|map|"
    r"forecast|accelerate|enable|automate|identify|estimate|diagnose|improve|help|support|examine|investigate))\b",
    _I,
)
_HOW = re.compile(
    r"\b(?:us(?:es?|ed|ing)|employ\w*|leverag\w*|utili[sz]\w*|integrat\w*|combin\w*|consist(?:s|ed|ing)? of|"
    r"compris\w*|incorporat\w*|train(?:s|ed)|fine-?tun\w*|pre-?train\w*|based on|built (?:on|upon)|via|through|"
    r"by (?:\w+ly )?\w+ing|encod\w*|module|architecture|network|transformer|loss|strategy|framework|pipeline|"
    r"adapts?|adopt\w*|appl(?:y|ies|ied)|extract\w*|fus\w*|align\w*|cluster\w*|inject\w*|operates?|formulat\w*|"
    r"built from|tutorial|cover(?:s|ed|ing)?|discuss\w*|overview|followed by|generat\w*|annotat\w*|categori[sz]\w*|taxonomy|group|classif\w*|search\w*|synthesi[sz]\w*|distil\w*|"
    r"decoupl\w*|replac\w*|jointly|learns?|mechanism|algorithm|stages?|attention|diffusion|prompt\w*|regress\w*|"
    r"questionnaire|interview\w*|experts?|randomi[sz]ed|retrospective\w*|prospective\w*)\b",
    _I,
)
_DOES = re.compile(
    r"\b(?:we|authors|method|model|framework|approach|network|system|architecture|paper|study|it|they|which|that|"
    r"(?:is|are|was|were) (?:\w+ly )?\w+ed)\b",
    _I,
)
_MEANS = re.compile(
    r"\b(?:approach|framework|methods?|models?|pipeline|technique|benchmark|survey|review|learning|scaling|tests?|tested|evaluated)\b", _I
)
_OBJECT = 25  # characters after a verb that say what it is done to
_FINDS = re.compile(
    r"\b(?:(?:results?|experiments?|evaluations?|findings?|analys[ei]s|tests?|studies|ablations?)\b.{0,60}\b(?:show|indicat|"
    r"demonstrat|reveal|suggest|confirm|highlight|prove|find|support)\w*|(?:also |and |\w+ly )?(?:found|finds?|observed?|"
    r"conclud\w+)\b (?!the value)|reveal\w*|show(?:s|ed)\b|demonstrat(?:es?|ed)|yield\w*|(?:higher|lower|better|worse|faster|"
    r"smaller|more [\w-]+) than|improv(?:es|ed) (?:on|by|over|from)|rais(?:es|ed)|rival\w*|prefer(?:s|red)?|comparable to|"
    r"on par|superior\w*|competitive|correlat\w*|associated with|come within|comes? close|close to|"
    r"(?:is|are) (?:substantial|superior|effective|state[- ]of[- ]the[- ]art)|ranked|won|did best|best (?:was|were)|"
    r"fall(?:s|ing)? from|fell|drop(?:s|ped)?|ris(?:es|ing) from|rose|(?:the|its|absolute|zero-shot) gains?|match(?:es|ed)|"
    r"approach(?:es|ed|ing) (?:human|expert|physician|the)|comes? within|effectiveness|"
    r"(?:set|sets|setting|establish\w*|new|is|are) (?:a )?(?:new )?(?:the )?state[- ]of[- ]the[- ]art|near(?:s|ed))\b",
    _I,
)
_WEAK = re.compile(
    r"\b(?:lead(?:s|ing)? to|best|effective(?:ly)?|gains?|reduc(?:es|ed|ing)|increas(?:es|ed)|improv\w+|enhanc\w+|robust\w*|"
    r"accura\w+|significant(?:ly)?|success\w*|enables?|allows?|most|least|fewer|majority|can)\b",
    _I,
)
_MEASURED = re.compile(
    r"\b(?:accurac\w+|AUC|AUROC|ROC|dice|F1|sensitivity|specificity|precision|recall|FID|BLEU|METEOR|ROUGE\S*|PSNR|SSIM|"
    r"IoU|mAP|score[sd]?|error|kappa|correlation|percent|AP|RMSE|MAE)\b.{0,40}\d|\d(?:\.\d+)?\s?%",
    _I,
)
_BEST = re.compile(r"\b(?:outperform\w*|surpass\w*|state[- ]of[- ]the[- ]art|SOTA|best|beats?)\b", _I)
_STRONG = re.compile(
    r"\b(?:outperform\w*|surpass\w*|exceed\w*|achiev(?:es?|ed|ing)|(?:sets?|setting|establish\w*|reach\w*|new|is|are) (?:a )?"
    r"(?:new )?(?:the )?(?:state[- ]of[- ]the[- ]art|SOTA)|beats?|(?:we|authors) (?:\w+ )?f(?:ou|i)nd|(?:results|experiments|"
    r"evaluations?|findings|analyses) (?:\w+ ){0,6}(?:show|indicate|demonstrate|reveal|suggest)\w*|improv(?:es|ed) (?!the "
    r"ability)|scored|reach(?:es|ed)|attain(?:s|ed)?|did best|ranked first)\b",
    _I,
)
_FUTURE = re.compile(
    r"\b(?:will|hope|future|promis\w+|potential(?:ly)?|aims?|could|can (?:help|serve|be)|pav\w+ the way|believe|"
    r"step toward\w*|encourag\w*|intend\w*|plan)\b",
    _I,
)
# Subject and verb of a sentence that says what the paper does: the telling words of such a sentence.
_DID = re.compile(
    r"\b(?:we|(?:the )?(?:authors?|paper|study|work|survey|review|article)|here)\b[^.;:]{0,40}?\b(?:propos|introduc|"
    r"present|develop|creat|construct|buil[dt]|design|releas|publish|collect|curat|contribut|establish|address|"
    r"describ|provid|explor|investigat|examin|stud(?:y|ies|ied)\b|evaluat|assess|analy[sz]|compar|compil|review|"
    r"survey|summari[sz]|outlin|discuss|test|ask|annotat|train|learn|call|argu|extend|adapt|tackl|quantif|focus|aim)\w*",
    _I,
)
_LEANS = re.compile(r"^(?:this|these|it|they|such|here|that|those)\b(?! (?:paper|work|study|survey|review|article))", _I)
_HOLLOW = re.compile(
    r"\bcontributions?\b|\b(?:several|many|various|three|two|four) (?:key |main )?(?:strategies|contributions|aspects) "
    r"(?:are|is)\b|\bwe believe\b",
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
    r"dialogues?|conversations|documents|posts|tweets|annotations|masks|hospitals|centers|"
    r"tokens|triples|rumors|concepts|cross-sections|contributions|encounters|trials|clips|frames|words|sentences|"
    r"queries|triplets|problems|surveys|paragraphs|databases?|registr(?:y|ies)|repositor(?:y|ies)|tumou?rs|lesions|subtypes|sections)"
)
_COUNTED = re.compile(
    r"(?<![\w.])(?:(?:over|about|around|more than|approximately|nearly|only|>|~)\s?)?"
    r"(?:\d[\d,.]*\s?(?:[kKMB]\b|million|billion|thousand|TB|GB|hours)?\+?|two|three|four|five|six|seven|eight|nine|"
    r"ten|eleven|twelve|thirteen|fourteen|fifteen|twenty|thirty|hundreds of|thousands of|millions of)"
    rf"[\s-](?:of )?(?:(?!than\b|of the\b|times\b)[\w'/()-]+,? (?:and )?){{0,5}}?{_DATA_NOUN}\b",
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
    rf"database|test sets?|data)\b|\b(?:data ?sets?|benchmarks?|cohorts?)(?:,| such as| including|:| like|\s?\(|) ?{_NAME}"
    rf"|\b(?:MIMIC|TCGA|ADNI|BraTS|UK Biobank|CheXpert|MedQA|PubMedQA|eICU|GEO|PubMed|Synapse|ACDC)\b[\w-]*"
    rf"|\b(?:experiments?|evaluat\w+|test\w*|train\w*|fine-?tun\w*|validat\w*|results?|gains?|FID|accuracy|Dice|"
    rf"performance)\b[^.;]{{0,60}}? on (?:the )?{_NAME}\b"
)
_ON_SET = re.compile(
    r"\b(?:on|across|over|from|using|in)\b (?:[\w'()-]+,? ){0,5}(?:data ?sets?|corpus|corpora|cohorts?|benchmarks?|sets|data)\b|"
    r"\b(?:test|validation|training|hold-?out|external|internal|population|challenging|private|public|in-house) (?:\w+ )?"
    r"sets?\b",
    _I,
)
_MADE_SET = re.compile(
    r"\b(?:collect|curat|releas|construct|compil|publish|annotat|assembl|creat|introduc|provid|present|built|gather|train)\w* "
    r"[^.;]{0,60}(?:data ?set|corpus|benchmark|cohort|patients|scans|slides|images)|\bis an? [^.;]{0,30}(?:data ?set|corpus|"
    r"benchmark|resource|collection)|\bconsist\w* of|\bcompris\w*|\bcontain\w*|\btotal(?:l?ing)\b",
    _I,
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
    r"suffer\w*|limited|poorly|still|hallucinat\w*|drop(?:s|ped)?|declin\w*|lower|worse|bottleneck|before (?:clinical|routine|any) (?:use|deployment|adoption)|only|"
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
    r"not (?:yet )?(?:sufficient|suitable|ready|reliable)|fail(?:s|ed)? to|insufficient|remains? (?:to be|a challeng|challeng|"
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
    """Where a sentence stands: counted from the first sentence of the paper on itself, and in the whole, in [0, 1]."""

    since: int
    late: float
    last_before: bool = False  # the last sentence before the paper speaks of itself


def task(one: Told, place: Place) -> Fit:
    """What the paper sets out to do; where it says so nowhere, the problem it names before it begins."""
    if _CODE.search(one.text):
        return NO_FIT
    if not one.own and one.part is not Part.AIM:
        return Fit(0.3) if place.last_before and _PROBLEM.search(one.text) else NO_FIT
    did, aim = _DID.search(one.text) or _PRESENTED.search(one.text), _AIM.search(one.text)
    defined = _DEFINED.match(one.text) if place.since <= 1 else None
    if not (did or defined or one.part is Part.AIM or (aim and place.since == 0)):
        return NO_FIT
    score = 0.6 * bool(did) + 0.5 * bool(aim) + 0.5 * bool(defined and not did) + 1.2 * (one.part is Part.AIM)
    score += 0.5 * (place.since == 0) - 0.25 * place.since - 0.3 * bool(_FUTURE.search(one.text))
    score -= 0.6 * bool(_STRONG.search(one.text) or _FINDS.search(one.text))
    score -= 0.7 * bool(_HOLLOW.search(one.text)) + 0.2 * bool(_LEANS.match(one.text))
    return Fit(score, _with_object(one.text, did or defined or aim))


_PROBLEM = re.compile(
    r"\b(?:cost\w*|scarc\w*|lack\w*|challeng\w*|hamper\w*|hinder\w*|limit\w*|hard|difficult\w*|few|little|often|unknown|"
    r"struggl\w*|fail\w*|miss\w*|only|need\w*|must|however|takes?|whether|unclear|not|no|remain\w*|ignor\w*|neglect\w*|slow|"
    r"expensive|insufficient|underexplored|overlook\w*|gap|requir\w*|depend\w*|without|prohibitive|suffer\w*)\b",
    _I,
)


def _with_object(text: str, telling: re.Match[str] | None) -> tuple[int, int]:
    """The span of subject and verb, and of what follows them."""
    if telling is None:
        return (0, 0)
    return telling.start(), min(len(text), telling.end() + _OBJECT)


def method(one: Told, place: Place) -> Fit:
    """How it goes about it."""
    how = list(_HOW.finditer(one.text))
    base = 0.5 if how else 0.35
    how = how or list(_MEANS.finditer(one.text))[:1]
    if not one.own or one.part in (Part.AIM, Part.CONCLUSION) or not how or _CODE.search(one.text):
        return NO_FIT
    strong = _STRONG.search(one.text) or _MEASURED.search(one.text)
    first = strong is not None and strong.start() < how[0].start() + 15  # the result is told first
    finds = _FINDS.search(one.text)
    score = base + 0.15 * min(len(how), 4) + 0.2 * bool(_DOES.search(one.text)) + 0.4 * (one.part is Part.METHOD)
    score -= (0.9 if first else 0.4) * bool(strong) + 0.3 * bool(finds and finds.start() < how[0].start())
    score -= 0.3 * bool(_FUTURE.search(one.text)) + 0.8 * bool(_CONCLUDES.search(one.text))
    score -= 0.9 * (one.part is Part.RESULT) + 0.05 * place.since + 0.4 * bool(_LEANS.match(one.text))
    score -= 0.8 * bool(_LIMIT_SURE.search(one.text)) + 0.5 * bool(_HOLLOW.search(one.text))
    return Fit(score, _with_object(one.text, how[0]))


_CONCLUDES = re.compile(r"\b(?:conclud\w*|should|suggests? that|foresee|highlight\w*|underscor\w*)\b", _I)


def result(one: Told, place: Place) -> Fit:
    """What came out."""
    if not one.own or one.part is Part.AIM or _CODE.search(one.text) or _GOAL_ONLY.match(one.text):
        return NO_FIT
    strong = _STRONG.search(one.text)
    finds, measured = _FINDS.search(one.text), _MEASURED.search(one.text)
    weak = _WEAK.search(one.text)
    found = min(filter(None, (strong, finds, measured, weak)), key=lambda m: m.start(), default=None)
    if not found and one.part is not Part.RESULT:
        return NO_FIT
    score = 0.9 if strong else 0.5 if finds else 0.2 if weak else 0.0
    score += 0.4 * bool(measured) + 0.2 * bool(_BEST.search(one.text)) - 0.03 * place.since
    score += 0.5 * (one.part is Part.RESULT) + 0.3 * (one.part is Part.CONCLUSION) - 0.6 * (one.part is Part.METHOD)
    score -= 0.3 * bool(_LEANS.match(one.text))
    score -= 0.15 * bool(re.search(r"\balso\b", one.text)) + 0.5 * bool(_FUTURE.search(one.text))
    score -= 0.7 * (place.since == 0) * (place.late < 0.7)
    score -= 0.5 * bool(re.search(r"\b(?:we|paper|study) (?:\w+ )?(?:propos|introduc|present|develop)\w*", one.text, _I))
    return Fit(score, found.span() if found else (0, 0))


def data(one: Told, place: Place) -> Fit:
    """What it rests on: data sets, cohorts, how many of what."""
    if not one.own and not (_COUNTED.search(one.text) and _WE_USE.search(one.text)):
        return NO_FIT
    counted = _counted(one.text)
    named, held = _NAMED_SET.search(one.text), _SET.search(one.text)
    vague = _VAGUE_SET.search(one.text) or _ON_SET.search(one.text)
    if not (counted or named or vague or held):
        return NO_FIT
    score = 0.8 * bool(counted) + 0.7 * bool(named) + 0.4 * bool(held) + 0.3 * bool(vague)
    score += 0.3 * bool(_ON_SET.search(one.text)) + 0.35 * bool(_MADE_SET.search(one.text))
    score -= 0.1 * bool(_STRONG.search(one.text))
    score -= 0.5 * bool(_CODE.search(one.text)) + 0.4 * bool(_NO_DATA.search(one.text)) + 0.03 * place.since
    score -= 0.3 * bool(_FUTURE.search(one.text)) + 0.3 * (one.part is Part.CONCLUSION)
    spans = [m.span() for m in (counted, named) if m] or [m.span() for m in (vague, held) if m][:1]
    return Fit(score - 0.35, _together(spans))


def _together(spans: list[tuple[int, int]]) -> tuple[int, int]:
    """One span over all where they stand close, else the first."""
    first, last = min(spans), max(spans)
    return (first[0], last[1]) if last[1] - first[0] <= _CLOSE else spans[0]


_CLOSE = 120  # characters
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
