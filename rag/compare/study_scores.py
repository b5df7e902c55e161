"""How well a sentence fits each usual aspect where the parts of a study are known.

The parts say most: the aim stands under the aim, the finding among the results or in the conclusion. Wording
chooses between the sentences of a part: who was studied, what was done to them, what was compared.
"""

from __future__ import annotations

import re

from rag.compare import cues, study
from rag.compare.abstract import Part, Told
from rag.compare.scores import NO_FIT, Fit, Place, telling

_I = re.IGNORECASE
_TENS = (
    r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-(?:one|two|three|four|five|six|seven|eight|"
    r"nine))?"
)
_COUNT = (
    rf"(?:\d[\d,]*(?: \d{{3}})*|(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|"
    rf"fourteen|"
    rf"fifteen|sixteen|seventeen|eighteen|nineteen|{_TENS}|(?:one|two|three|four|five) hundred)(?: and "
    rf"[\w-]+)?)"
)
_WHO = (
    r"(?:patients?|participants?|suspects|subjects|individuals|volunteers|adults|children|infants|neonates|newborns|"
    r"women|men|males|females|boys|girls|adolescents|people|persons|residents|students|pupils|physicians|"
    r"doctors|nurses|surgeons|respondents|smokers|veterans|mothers|couples|twins|families|households|"
    r"pregnanc\w+|births|deliveries|cases|controls|rats|mice|rabbits|pigs|dogs|cats|sheep|animals|eyes|knees|"
    r"hips|ears|teeth|limbs|bones|fractures|curves|tumou?rs|lesions|specimens|samples|biopsies|kidneys|"
    r"livers|grafts|implants|donors|recipients|deaths|procedures|operations|examinations|scans|images|records|"
    r"charts|reports|studies|articles|papers|trials|publications|admissions|visits|calls|schools|practices|"
    r"hospitals|cent(?:er|re)s|countries|cells|strains|isolates|members|employees|workers|visitors|users|drivers|professionals|athletes|"
    r"players|survivors|carriers|adolescents|applicants|consultations|responses|questionnaires|abstracts|"
    r"[a-z]+ectom(?:ies|y patients))"
)
WHO = re.compile(
    rf"(?<![\w.,/=+-])(?<!\bp )(?:a total of |over |about |\d+ (?:out )?of )?{_COUNT}[\s-](?!%|percent|"
    rf"years?\b|weeks?\b|months?\b|"
    rf"days?\b|hours?\b|times\b|of the\b|mg\b|ml\b|minutes?\b)(?:[\w'/()+-]+,? ){{0,6}}?(?:{_WHO}|"
    rf"(?-i:[A-Z]{{2,}}s))\b"
    rf"|\(n ?= ?\d+\)|\bn ?= ?\d+",
    _I,
)
_TAKEN_IN = re.compile(
    r"\b(?:includ|enrol|recruit|randomi[sz]|studi|analy[sz]|review|select|participat|identif|follow|survey|invit|"
    r"interview|admitted|consecutive|underwent|received|attend|sampl|collect|obtain|complet|us|treat|retriev|"
    r"assign|divid|captur|respond|examin|carried out (?:with|on|in)|consist|compris|involv)(?:e?d|ied|"
    r"\w*ing)?\b",
    _I,
)
_SOURCE = re.compile(
    r"\b(?:registr(?:y|ies)|databases?|records|charts|survey|census|cohorts?|population|consecutive|"
    r"data (?:from|"
    r"were|on)|files|admitted|claims|hospitals?|medline|pubmed|embase|cochrane|specimens?|samples?|cell "
    r"lines?|"
    r"strain|rats|mice|patients|participants|volunteers|cases|deaths|women|children|students|subjects)\b",
    _I,
)
_TREATED = re.compile(
    r"\b(?:randomi[sz]ed|randomly|divided|assigned|allocated|compared|underwent|received|given|administ\w+|exposed|"
    r"treated|performed|stratified|matched|fed|injected|implanted|reviewed|retrospective\w*|prospective\w*|"
    r"search\w*|interview\w*|questionnaires?|survey\w*|screened|simulat\w+|cultured|transfected)\b",
    _I,
)
_MEASURED = re.compile(
    r"\b(?:assess|measur|evaluat|test|record|determin|examin|analy[sz]|estimat|calculat|defin|scor|classif|"
    r"monitor|quantif|investigat|collect|imag|categori[sz]|label|stain)\w*\b|\busing\b|\bby means of\b",
    _I,
)
_STATISTICS = re.compile(
    r"\b(?:statistical analys[ie]s|t[- ]tests?|chi-?square\w*|anova|SPSS|mann-whitney|fisher|software|"
    r"p[- ]values?)\b",
    _I,
)
_COMPARES = re.compile(
    r"\bsignifican\w+|\bdifference|\bdiffer(?:s|ed)?\b|\bcorrelat\w+|\bassociat\w+|\bpredict\w*|"
    r"\brelated to\b|"
    r"\b(?:higher|lower|greater|less|more|better|worse|longer|shorter|fewer|larger|smaller|increase[sd]?|"
    r"decrease[sd]?|reduce[sd]?|improve[sd]?|superior|inferior|similar|comparable|equal\w*|equivalent)\b|"
    r"\b(?:vs\.?|versus|compared (?:with|to)|than)\b|\bno (?:\w+ )?(?:indication|evidence|effect|"
    r"influence|impact|benefit)\b|"
    r"\bdid not\b|\beffective\b|\brisk\b|\bsafe(?:ly)?\b",
    _I,
)
_TESTED = re.compile(
    r"\bp\s?[=<>≤]|\bCI\b|confidence interval|odds ratio|hazard ratio|relative risk|\b[ror]s? ?=", _I
)
_FIGURE = re.compile(r"\d+(?:\.\d+)?\s?%|\d\.\d|\b\d+ (?:vs\.?|versus|and|of|out of) \d")
# Who took part and how they were at the start is no finding.
_BASELINE = re.compile(
    r"\b(?:mean|median|average) (?:patient )?age\b|\b(?:were|was) (?:fe)?males?\b|\b(?:participated|"
    r"were (?:included|"
    r"enrolled|identified|recruited|studied|analy[sz]ed|reviewed|eligible|captured|available))\b|"
    r"\b(?:follow-up|observation) (?:"
    r"was|time|period)\b|\bresponse rate\b|\bof (?:these|whom)\b|\bthere were \d+ (?!\w+ (?:cases|deaths))|"
    r"\bbaseline\b|\breturned\b",
    _I,
)
_BARE = re.compile(
    r"\bgroups? (?:[1-4]|[A-D]|I{1,3}|IV)\b|^(?:these|this|they|it|the latter|the former|both)\b(?! (?:study|"
    r"trial|results|findings|data))",
    _I,
)
_HEDGED = re.compile(r"\b(?:may|might|could|potential(?:ly)?|promising|possibl[ey]|appears?|seems?)\b", _I)
_ADVISES = re.compile(
    r"\b(?:should|recommend\w*|need(?:s|ed)?|further|future|important (?:to|for|component\w*)|"
    r"warrant\w*|must|necessary|required)\b|"
    r"\b(?:is|are) (?:often|commonly|considered|well[- ])",
    _I,
)
# "They were compared": what was done, told among the results.
_DONE = re.compile(
    r"\b(?:was|were) (?:\w+ )?(?:compared|assessed|evaluated|normali[sz]ed|measured|calculated|"
    r"performed|analy[sz]ed|"
    r"examined|recorded|defined|tested|developed|divided|investigated)\b",
    _I,
)
_CONCLUDES = re.compile(
    r"\b(?:(?:we|authors) conclude|it is concluded|in conclusion|our (?:results|findings|data) (?:\w+ "
    r")?(?:show|"
    r"indicate|suggest|demonstrate|confirm))",
    _I,
)
_MAIN = re.compile(r"\b(?:main|primary|principal|most important) (?:\w+ ){0,2}(?:results?|findings?)\b", _I)
_LONG = 250  # characters of a finding that says too much at once
_WAS_DONE = re.compile(r"\b(?:was|were|we) (?:\w+ )?\w+ed\b", _I)
_VERB = re.compile(r"\b(?:was|were|is|are|had|has|have|did|underwent|received|\w+ed)\b", _I)

_SHORT = 45  # characters of a sentence that says little of how a study was done


def task(one: Told, place: Place) -> Fit:
    """What the study set out to find."""
    aims, sets_out = study.AIM.search(one.text), study.SETS_OUT.search(one.text)
    if one.part is Part.AIM:
        return Fit(1.0 + 0.3 * bool(aims) + 0.1 * bool(sets_out) - 0.05 * min(place.since, 4))
    if one.part is Part.METHOD and (sets_out or aims):
        return Fit(0.5 - 0.05 * min(place.since, 4))
    return Fit(0.3) if place.last_before and cues.PROBLEM.search(one.text) else NO_FIT


def data(one: Told, place: Place) -> Fit:
    """Whom or what it studied, and how many."""
    if one.part not in (Part.METHOD, Part.RESULT, Part.AIM):
        return NO_FIT
    counted = WHO.search(one.text)
    taken = _TAKEN_IN.search(one.text)
    source = _SOURCE.search(one.text) if one.part is not Part.RESULT else None
    if not counted and not (source and taken):
        return NO_FIT
    score = 0.4 * bool(counted) + 0.25 * bool(taken) + 0.1 * bool(source)
    score += 0.25 * (one.part is Part.METHOD) + 0.05 * (one.part is Part.AIM) - 0.03 * min(place.since, 6)
    score += 0.15 * bool(counted and counted.start() < 30)
    if one.part is Part.RESULT:
        score -= 0.2 * (not _BASELINE.search(one.text)) + 0.15 * bool(_TESTED.search(one.text))
    score -= 0.3 * bool(_STATISTICS.search(one.text))
    span = (counted or source or taken).span()  # type: ignore[union-attr]
    return Fit(score, span)


def method(one: Told, place: Place) -> Fit:
    """What was done: the comparison, the treatment, what was measured and how."""
    if one.part is not Part.METHOD:
        return NO_FIT
    treated, measured = _TREATED.search(one.text), _MEASURED.search(one.text)
    score = (
        0.2
        + 0.2 * bool(_WAS_DONE.search(one.text))
        + 0.3 * bool(treated)
        + 0.25 * bool(measured)
        - 0.02 * min(place.since, 6)
    )
    score -= 0.45 * bool(_STATISTICS.search(one.text)) + 0.3 * (not _VERB.search(one.text))
    score -= 0.2 * bool(_FIGURE.search(one.text) and not treated)
    score -= 0.25 * bool(_BASELINE.search(one.text))
    score -= 0.1 * (len(one.text) < _SHORT) + 0.25 * bool(_BARE.match(one.text))
    score -= 0.3 * bool(cues.ALSO.search(one.text))
    first = treated or measured
    return Fit(score, telling(one.text, first))


def result(one: Told, place: Place) -> Fit:
    """What was found; what bears on the question of the title says it best."""
    if one.part not in (Part.RESULT, Part.CONCLUSION):
        return NO_FIT
    compares = _COMPARES.search(one.text) or _TESTED.search(one.text)
    score = 0.45 + 0.3 * bool(compares) + 0.2 * bool(_TESTED.search(one.text) or _FIGURE.search(one.text))
    score += 0.5 * place.asked(one.text) - 0.05 * (one.part is Part.CONCLUSION)
    score -= 0.4 * bool(_BASELINE.search(one.text)) + 0.25 * bool(_BARE.search(one.text))
    score -= 0.25 * bool(_HEDGED.search(one.text)) + 0.45 * bool(_ADVISES.search(one.text))
    score -= 0.4 * bool(_DONE.search(one.text) and not _FIGURE.search(one.text))
    score += 0.3 * bool(_MAIN.search(one.text)) - 0.1 * (len(one.text) > _LONG)
    score -= 0.02 * min(place.since, 8) * (one.part is Part.RESULT)
    score += 0.15 * (place.late == 1.0 and one.part is Part.RESULT)
    score += 0.3 * bool(_CONCLUDES.search(f"{one.lead} {one.text}"))
    return Fit(score, telling(one.text, compares))
