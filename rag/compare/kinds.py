"""What kind of work a paper says it is, in its own word: survey, benchmark, dataset, framework …"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from index.cleaning import readable
from index.types import Paper
from rag.compare.abstract import Part, Told, told
from rag.compare.aspects import USUAL, Found, usual_aspect
from rag.compare.study import is_study

_REVIEW = (
    r"(systematic review|scoping review|literature review|meta-analysis|technical review|survey|review|"
    r"overview|tutorial|perspective|position paper)\b(?! of (?:prior|existing) )"
)
# "This survey …", "we provide a comprehensive overview of …", "we broadly reviewed the literature".
_SURVEYS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:this|our|the present)\s+(?:[\w-]+\s+){{0,3}}?{_REVIEW}",
        r"\b(?:we|it|here|authors?|paper|article|study|work|chapter)\b[^.;]{0,60}?\b(?:conduct|provid|"
        r"present|offer|"
        rf"perform|give|undert|carr|is|deliver|intends to provid)\w*\b[^.;:]{{0,50}}?\b{_REVIEW}(?! "
        rf"[a-z]+ing\b)",
        r"\b(?:we|authors)\b (?!first )(?:[\w-]+ ){0,2}(reviewe?d?|surveye?d?)\b(?! "
        r"by)[^.;]{0,60}\b(?:literature|"
        r"studies|papers|articles|works?|methods|approaches|models|techniques|research|advances|progress|evidence|"
        r"publications|data ?sets|benchmarks|systems|applications|theory|theories|state of)\b",
        r"\b(?:literature|studies|papers|articles|works?|approaches) (?:is|are|was|were) (reviewed|"
        r"surveyed)\b",
    )
)
_VERB = (
    r"(?:propos|introduc|present|develop|creat|construct|buil[dt](?! (?:up)?on)|design|releas|publish|"
    r"curat|describ|collect|"
    r"provid|establish|contribut|compil|conduct|perform(?!ance)|offer)\w*"
)
_KIND = (
    r"(?:multi-?modal|large|small|vision[- ](?:and[- ])?language|visual|language|foundation(?:al)?|deep "
    r"learning|machine learning|generative|diffusion|"
    r"neural|graph|classification|segmentation|evaluation|annotation|question[- ]answering|"
    r"speech|dialogue|knowledge|pointer|benchmark|retrieval|topic|probabilistic|Bayesian|hierarchical|reward|data|"
    r"open-source|end-to-end|test|scoring|simulation|computational|mathematical|statistical|prediction|"
    r"theoretical|conceptual)"
)
_HEAD = (
    r"(?:data ?sets?|benchmarks?|corpus|corpora|treebank|collection|archive|repository|framework|method|"
    r"methodology|approach|scheme|procedure|(?<![\w-])M?LLM|(?<![\w-])M?VLM|models?|networks?|encoder|generator|"
    r"classifier|parser|tagger|pipeline|toolkit|toolbox|tool|library|platform|system|algorithm|strategy|"
    r"technique|mechanism|paradigm|protocol|guidelines|checklist|database|lexicon|ontology|taxonomy|"
    r"test suite|"
    r"architecture|agent|adapter|transformer|metric|loss|workflow|interface|app|comparison|assistant|"
    r"knowledge graph|chatbot|"
    r"(?<=comprehensive )evaluation|(?<=systematic )evaluation|(?<=empirical )evaluation)"
)
_NOUN = rf"((?:{_KIND} )*{_HEAD})(?![-–]\w)(?! (?:{_HEAD}|(?:answer|train|learn|process)ing)\b)"
# What stands before the head of what was made: "a framework", not "a GAN with a classifier".
_UP_TO = (
    r"(?:(?!\b(?:with|using|based|for|that|which|to|on|from|by|in|across|before|into|incorporating|"
    r"giving|making|letting|(?<!family )(?<!set )"
    r"(?<!suite )(?<!series )of)\b)[^.;:])"
)
_FAMILY = re.compile(
    r"\b(?:propos|introduc|present|develop)\w*\b[^.;:]{0,60}?\b((?:family|suite|series) of [^.;:,]{0,60}?"
    r"(?:models|methods|networks|algorithms|benchmarks|data ?sets|encoders|agents|tools))\b",
    re.IGNORECASE,
)
_MADE, _MADE_LOOSELY = (
    re.compile(
        rf"(?:\b(?:we|authors?|paper|study|work|here)\b[^.;]{{0,30}}?\b|^|,? and (?=propos|introduc|"
        rf"present)|\bto "
        rf"){_VERB}{between}{{0,90}}?\b{_NOUN}\b"
        r"(?![- ]based| of models)",
        re.I,
    )
    for between in (
        _UP_TO,
        r"(?:(?!\b(?:which|that|from|on|before|into|incorporating|(?<!family )(?<!set )of)\b)[^.;:])",
    )
)
_APPOSED = re.compile(
    rf"\b(?:introduc|present|propos|develop|describ|demonstrat|releas|"
    rf"collect)\w*\b[^.;]{{0,90}}?(?:[,:]| -|–|—) ?(?:an?|the(?: first)?)\b{_UP_TO}"
    rf"{{0,70}}?\b{_NOUN}\b",
    re.IGNORECASE,
)
_PROPOSED = re.compile(
    rf"\b(?:our|the) (?:proposed|novel|new) (?:(?!of\b)[\w-]+ ){{0,3}}?{_NOUN}\b(?! of)", re.IGNORECASE
)
_NAMED = re.compile(
    rf"\b(?-i:[A-Z][\w-]*[A-Z\d][\w-]*), (?:an?|the) {_UP_TO}{{0,60}}?\b{_NOUN}\b", re.IGNORECASE
)
_IS = re.compile(
    rf"^(?:[\w.-]+ ){{1,4}}(?:\([^)]*\),? )?(?:is|are) (?:\w+ as |introduced as )?(?:an?|the) "
    rf"[^.;:]{{0,70}}?\b{_NOUN}\b",
    re.I,
)
_MADE_HERE = re.compile(
    rf"\b(?:we|paper|study|work)\b[^.;]{{0,20}}?\b(?:propos|introduc|present)\w*{_UP_TO}{{0,60}}?\b{_NOUN}\b"
    r"(?![- ]based)",
    re.IGNORECASE,
)
# "A prospective, randomised study": how it was designed, in its own words.
_DESIGN = (
    r"(?:(?:double|single|triple)-blind(?:ed)?|prospective(?:ly)?|retrospective(?:ly)?|randomi[sz]ed|cohort|"
    r"cross-?sectional|case[- ]control|observational|longitudinal|multi-?cent(?:er|re)|single-cent(?:er|re)|"
    r"population-based|placebo-controlled|nationwide|crossover|open-label|matched-pair|epidemiologic(?:al)?)"
)
_KEPT_TO = (  # of which the head must follow at once
    r"(?:pilot|descriptive|qualitative|feasibility|comparative|experimental|pre-?clinical|validation|"
    r"simulation|user|follow-up|questionnaire|case|cadaveric|in vitro|mixed-methods|interventional|"
    r"controlled|"
    r"empirical)"
)
_DESIGN_HEAD = (
    r"(?:study|trial|analysis|review|survey|series|report|evaluation|audit|investigation|design|assessment|analyses|"
    r"experiment|comparison)"
)
_DESIGNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!previous )(?<!prior )(?<!other )(?<!further )\b({_DESIGN}(?:(?:,? and |, | |-)[\w-]+){{0,3}}?"
        rf" {_DESIGN_HEAD})\b",
        r"\b((?:retro|pro)spectively (?:reviewed|analy[sz]ed|studied|evaluated|collected|enrolled))\b",
        r"\b((?:reviewed|analy[sz]ed|studied|evaluated|collected|enrolled) (?:retro|pro)spectively)\b",
        r"\b(focus groups?|(?:[\w-]+ )?interviews|(?:[\w-]+ )?questionnaires?) (?:was|were) (?:held|"
        r"conducted|carried out|sent|mailed|distributed|completed)\b",
        rf"(?<!previous )(?<!prior )(?<!further )\b({_KEPT_TO} {_DESIGN_HEAD}|clinical trial|computer "
        rf"simulation)\b",
        r"\b(systematic review|scoping review|meta-analysis) (?:of|was|were)\b",
        r"\b(?:was|were) (?:\w+ )?(randomi[sz]ed)\b",
        r"^(cross-sectional|retrospective|prospective)\b(?=\.)",
    )
)
_STUDY = re.compile(r"\b(?:this|our|the present) (?:[\w-]+ ){0,2}?(study|trial|chapter)\b", re.I)
# "We perform a systematic study of …", "an empirical analysis is presented".
_CONDUCTED = re.compile(
    r"\b(?:conduct|perform|carr(?:y|ied|ies|ying) out|present|provid|offer|undert(?:ak|ook)|report)\w* "
    r"(?:an?|the(?: first)?|our) "
    r"(?:[\w-]+ ){0,2}?((?:(?:systematic|empirical|comparative|theoretical|qualitative|"
    r"quantitative|large-scale|comprehensive|pilot|user) )?"
    r"(?:study|analysis|evaluation|comparison|investigation|assessment))\b",
    re.IGNORECASE,
)
# A title that names what was made: "Kelp-2: A Benchmark for …", "Tide Prediction Model for …".
_TITLED = re.compile(
    rf"(?:^|: | --? | [–—] )(?:(?:introducing|towards?) )?(?:(?:an?|the(?: first)?) |(?![\w-]+ing\b|more\b))"
    rf"{_UP_TO}{{0,80}}?\b{_NOUN}(?<!s)(?= (?:for|of|in|by|to|towards?|with|that|and|enabling|derived|from|"
    rf"on|based|dedicated)\b|[:,.(]| --? | [–—] |$)",
    re.IGNORECASE,
)
# What a paper that names no kind does, and what it calls its work later.
_WE = r"\b(?:we|authors?|paper|study|work|report|to)\b (?:\w+ly |then |further |also |first ){0,2}?"
_DOES = re.compile(
    f"{_WE}(evaluat|assess|test|benchmark|compar|stud|investigat|examin|explor|analy[sz])(?:e?[sd]?|y|ies|ied|ing)\\b",
    re.IGNORECASE,
)
_DEEDS = {
    "evaluat": "evaluation", "assess": "assessment", "test": "test", "benchmark": "benchmark",
    "compar": "comparison", "stud": "study", "investigat": "investigation", "examin": "examination",
    "explor": "exploration", "analys": "analysis", "analyz": "analysis",
}  # fmt: skip
_VAGUE = ("assess", "examin")  # verbs of any study's aim, which tell no kind of study
_CALLED = re.compile(
    r"\b(?:our|the proposed|proposed) (?:[\w-]+ )?(method|approach|framework|system|algorithm|technique|"
    r"dataset|benchmark|network|pipeline|strategy)\b|\bthis (method|approach|framework|system|algorithm|"
    r"technique|pipeline|strategy)\b",
    re.IGNORECASE,
)
# What nothing above tells: a shared task that was entered, a case, or the first of such nouns.
_TASK = re.compile(
    r"\b(?:at|for|in|to|of|the|our|this|on|sub-?)\b[^.;]{0,60}?\b(shared task)s?\b|"
    r"\b(SemEval(?:[- ]\d{4})? Task)\b",
    re.IGNORECASE,
)
_CASE = re.compile(
    r"\b(case (?:reports?|series))\b|\b(?:report|describe|present)s?\b (?:here )?(?:an?|the|two|three|"
    r"four|five|our) (?!use\b|worst\b|edge\b|special\b|test\b)(?:[\w-]+ )?(cases?) (?:of|in|with)\b",
    re.IGNORECASE,
)
_LOOSE = re.compile(
    rf"\b(?:our|(?:an?|the) (?:[\w-]+ )?(?:novel|new|proposed|simple)) (?:[\w-]+ ){{0,4}}?{_NOUN}\b",
    re.IGNORECASE,
)
_PROPER = "Bayesian"  # of the words before a head, the one that keeps its capital
_ALSO = re.compile(r"\b(?:also|additionally|furthermore|moreover|besides|in addition)\b", re.I)
_LABEL = 40  # characters of a sentence that is all design: "Cross-sectional."
_FIRST = 3  # own sentences in which a paper says what it is


def kind_of(paper: Paper) -> Found | None:
    """The word by which a paper calls itself, with its sentence; None where it uses none that is known.

    Its title says it best, then what it sets out to do, then what it says of itself first.
    """
    sentences = told(paper)
    own = [one for one in sentences if one.own]
    task = usual_aspect(USUAL[0], paper)
    aim = [one for one in own if task and one.start == task.start]
    first = [*aim, *own[:1]]
    then = [one for one in own[1:_FIRST] if not _ALSO.search(f"{one.lead} {one.text}")]
    study = is_study([one.text for one in sentences])
    designed = [
        one
        for one in sentences
        if one.part in (Part.AIM, Part.METHOD) or one in own[:_FIRST] or len(one.text) < _LABEL
    ]
    late = [one for one in own if not _ALSO.search(f"{one.lead} {one.text}")]
    made = (((_FAMILY, _APPOSED, _MADE, _IS, _MADE_LOOSELY), first), ((_MADE, _IS), then))
    surveys = ((_SURVEYS, own[:_FIRST]),)
    if found := _first(paper, surveys):
        return found
    rest = (
        *(() if study else made), (_DESIGNS, designed), ((_CONDUCTED, _STUDY), own[:_FIRST]),
        ((_MADE_HERE, _PROPOSED, _NAMED), () if study else late),
    )  # fmt: skip
    found = _first(paper, rest)
    titled = None if study else _titled(paper, [*first, *own])
    fuller = found and titled and found.text.lower().endswith(titled.text.lower())
    return (found if fuller else titled or found) or _by_deed(paper, first, own, study)


def _by_deed(paper: Paper, first: Sequence[Told], own: Sequence[Told], study: bool) -> Found | None:
    """What a paper that names no kind does first, or calls its work later."""
    for one in first:
        m = _DOES.search(_text(paper, one))
        if m and not (study and m[1].lower() in _VAGUE):
            return _found(paper, one, _DEEDS[m[1].lower()])
    return _first(paper, [((pattern,), own) for pattern in (_CALLED, _TASK, _CASE, _LOOSE)])


def _first(paper: Paper, looked: Iterable[tuple[Sequence[re.Pattern[str]], Sequence[Told]]]) -> Found | None:
    """What the first of the patterns finds in the first of its sentences."""
    for patterns, among in looked:
        for one in among:
            for pattern in patterns:
                if m := pattern.search(_text(paper, one)):
                    return _found(paper, one, next(filter(None, m.groups())))
    return None


def _titled(paper: Paper, own: Sequence[Told]) -> Found | None:
    """What the title calls the work, with the first own sentence that uses the same word, if one does."""
    m = _TITLED.search(readable(paper.title or ""))
    if m is None:
        return None
    head = m[1].split(" ")[-1]
    for wanted in (m[1], head):
        for one in own:
            if re.search(rf"(?<![\w-]){re.escape(wanted)}s?\b", _text(paper, one), re.IGNORECASE):
                return _found(paper, one, m[1])
    return None


def _text(paper: Paper, one: Told) -> str:
    return readable(paper.abstract[one.start : one.end])


def _found(paper: Paper, one: Told, word: str) -> Found:
    shown = " ".join(w.lower() if _is_plain(w) else w for w in word.split(" "))
    return Found(paper.id, shown, one.start, one.end, paper.abstract[one.start : one.end])


def _is_plain(word: str) -> bool:
    """Whether a word, or each part of a joined one, has no capital but its first letter's and is no name."""
    return word != _PROPER and all(part[1:].islower() or len(part) == 1 for part in word.split("-"))
