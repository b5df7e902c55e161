"""An abstract as the extractors see it: sentences with offsets, and which part of the paper each tells.

Parts come from the labels of structured abstracts, else from where the paper begins to speak of itself: what
stands before its first own sentence is background, and so is what speaks of other work later on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from index.cleaning import readable
from index.sentences import split_sentences
from index.types import Paper
from rag.addressed import not_english
from rag.compare import study
from rag.wording import without_lead


class Part(StrEnum):
    """What a sentence tells."""

    BACKGROUND = "background"
    AIM = "aim"
    METHOD = "method"
    RESULT = "result"
    CONCLUSION = "conclusion"
    LIMIT = "limit"
    OWN = "own"  # of the paper itself, not known what


_PARTS = {
    Part.BACKGROUND: "background introduction context motivation importance summary-of-background-data",
    Part.AIM: "objective objectives aim aims purpose goal study-objective background-and-purpose "
    "background-and-aim background-and-aims background-and-objective background-and-objectives hypothesis",
    Part.METHOD: "method methods materials-and-methods material-and-methods methods-and-materials "
    "methodology patients-and-methods subjects-and-methods design study-design design-and-setting setting "
    "data participants patients subjects intervention interventions approach measurements "
    "main-outcome-measure main-outcome-measures outcome-measures",
    Part.RESULT: "result results main-results findings principal-findings results-and-conclusion",
    Part.CONCLUSION: "conclusion conclusions discussion interpretation significance",
    Part.LIMIT: "limitation limitations strengths-and-limitations",
}
_LABELS = {name.replace("-", " "): part for part, names in _PARTS.items() for name in names.split()}
_LABEL = re.compile(r"(?P<label>[A-Za-z][A-Za-z ]{2,29}?)\s*(?:[:.]\s+(?=\S)|:(?=[A-Z]))")
# "To investigate whether …." as a whole sentence that opens an abstract: its aim, without a label.
_BARE_AIM = re.compile(
    r"To (?:investigate|evaluate|assess|determine|examine|compare|test|explore|quantify|characteri[sz]e)\b"
    r"(?!.*, (?:we|this|the authors)\b)"
)
# Under "Objective" some tell the background first; an aim is put as one.
_IS_AIM = re.compile(
    r"(?:to|we|this|our|develop|evaluate|assess|investigate|compare|examine|determine|explore)\b|"
    r".*\b(?:aim\w*|goal|objective|purpose|we|(?:this|the present) (?:study|paper|work)|sought)\b",
    re.IGNORECASE,
)
_STATES = re.compile(r"\b(?:is|are|has|have|had|can|may|remains?|was|were)\b")
_ITEM = re.compile(
    r"^(?:\(?(?:[a-z]|[ivx]{1,3}|\d)\)\s+|[A-Z][A-Z &/-]{3,30}:\s+)"
)  # "(2) We collect …": of a list
# "From these, we learn", "To address this gap this study asks": a lead that points to the sentence before.
_BACK = re.compile(
    r"^(?:from|through|with|by|in|for|to|on|using|given|after|beyond|based)\b[^,;:]{0,40}?\b(?:this|these|those|that|"
    r"(?:doing|do) so)(?: (?:gaps?|issues?|problems?|challenges?|limitations?|end|aim|goal|purpose|"
    r"regard|reason|"
    r"question|need|shortcomings?))?(?:, (?=\w)| (?=we\b|this (?:study|paper|work|article)\b))",
    re.IGNORECASE,
)
_THIS = (
    r"(?:(?:this|the present|the current)\s+"
    r"(?:(?!of\b|the\b|in\b|affects?\b|is\b|has\b)[\w-]+\s+){0,3}?"
    r"(?:paper|work|study|article|survey|review|report|overview|tutorial|perspective|thesis|investigation|"
    r"evaluation|trial|experiment|project)|"
    r"the proposed\s+(?:[\w-]+\s+){0,3}?(?:framework|approach|method|model|network|architecture|system))"
)
_OUR = (
    r"our (?!(?:visual|society|lives|world|daily|understanding|knowledge|planet|health|bod(?:y|ies)|"
    r"ability|brains?)\b)"
)
_OWN = re.compile(
    rf"\b(?:(?<!\bas )(?<!\bif )(?<!\bwhen )(?<!\bwhat )(?<!\bwhere )(?<!\bwhich )we\b(?! (?:rely|need|"
    rf"know|live|humans|"
    rf"believe)\b)|{_OUR}|(?:the authors?|herein|{_THIS})\b)"
    r"|\bhere(?:in)?,? (?:we|is|are|presents?)\b|\b(?:is|are) (?:introduced|proposed|presented|reviewed|"
    r"described|surveyed|examined)\b|\b(?:evaluated|tested|examined|studied|compared|investigated) here\b|"
    r"^(?:the )?(?:paper|survey|review|article|study|authors?|overview|tutorial|benchmark)\b[^.]{0,30}?"
    r"\b\w+(?:s|ed)\b",
    re.IGNORECASE,
)
# "Existing methods …", "Recent work …": of others, whatever comes before.
_OTHERS = re.compile(
    r"^(?:(?:however|yet|but|although|while|despite|unlike|recent(?:ly)?|moreover|for example|currently|"
    r"traditional(?:ly)?)\b,?\s*)?(?:most |many |some |all |these |the |the majority of )?(?:existing|"
    r"previous|prior|current|conventional|traditional|recent|typical|state-of-the-art|"
    r"earlier)\s(?:[\w-]+\s){0,3}?(?:methods?|approach(?:es)?|works?|stud(?:y|ies)|research|models?|"
    r"techniques?|systems?|benchmarks?|datasets?|solutions?|evaluations?|efforts?|schemes?|advances|"
    r"advancements|practices?)\b"
    r"|^the state[- ]of[- ](?:the[- ])?art\b",
    re.IGNORECASE,
)
_GENERAL = re.compile(
    r"^another (?:approach|way|option|line)\b|\bone (?:must|should|needs)\b", re.I
)  # of no one
_NEW = re.compile(r"(?:most |many |the )?(?:recent|current|state)", re.IGNORECASE)
_WE = re.compile(r"\b(?:we|our|the authors)\b", re.IGNORECASE)
# "MeDiM learns …": a name with a capital inside opens the sentence; a plural acronym ("LLMs") is none.
_NAMED = re.compile(
    r"^([A-Za-z][\w-]*(?:[a-z][A-Z]|[A-Z]{2,}[a-z]|[A-Za-z]-[A-Z]\d)[\w-]*),? (?!has\b|have\b|can\b)"
)
# "BM-MAE is a masked modeling strategy …": an acronym is said to be a piece of work.
_IS_A = re.compile(
    r"^[A-Z][\w-]*[A-Z\d][\w-]*(?: \([^)]*\))?,? (?:is|are) (?:a|an|the|described|introduced|presented|"
    r"proposed)\b(?: [\w()-]+,?){0,9}? (?:framework|method|model|data ?set|benchmark|strategy|network|"
    r"system|tool|approach|resource|library|toolkit|pipeline|objective|algorithm|architecture|platform|"
    r"corpus|collection|technique)\b"
)
# "Volume Contrast (VoCo) takes …": a name with capitals inside is given for what opens the sentence.
_GIVEN = re.compile(r"^(?:[A-Z][\w-]+ ){1,6}\([A-Z]\w*[a-z]\w*[A-Z]\w*\),? (?!has\b|have\b|can\b)")
_PLURAL = re.compile(
    r"(?:MRI|CT|GPT|BERT|CLIP|SAM|LLM|EHR|AI)\b|[A-Z\d-]+s|[A-Z]\w+GPT|ChatGPT|GPT-\w+|COVID-19|AlphaFold\d?"
)


_LATEST = 0.75  # of the abstract, from where on its first own sentence is not believed to be the first


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of an abstract, its label and connective left out of `text`, which is readable.

    `start` and `end` are the whole sentence in the stored abstract; `number` counts from 0. `lead` holds what
    of label and connective was left out, in lower case.
    """

    start: int
    end: int
    text: str
    part: Part
    number: int
    lead: str = ""

    @property
    def own(self) -> bool:
        """Whether it speaks of the paper rather than of its field."""
        return self.part is not Part.BACKGROUND


def told(paper: Paper) -> list[Told]:
    """The sentences of a paper's abstract."""
    found: list[Told] = []
    current, began, states = None, False, False
    name = paper_name(paper) or _named_first(paper)
    for number, (start, end) in enumerate(split_sentences(paper.abstract)):
        text = readable(paper.abstract[start:end])
        label = _LABEL.match(text)
        part = _LABELS.get(label["label"].strip().lower()) if label else None
        if label and part:
            current, text = part, text[label.end() :]
        if number == 0 and not part and _BARE_AIM.match(text):
            part, began = Part.AIM, True
        others = (
            (bool(_OTHERS.search(text)) and not _WE.search(text))
            or bool(_GENERAL.search(text))
            or not_english(text)
        )
        if began and (_NEW.match(text) or holds(text, name)):  # "Current models struggle with it"
            others = False
        began = began or (not others and _speaks_of_itself(text, name))
        own = Part.OWN if began and not others else Part.BACKGROUND
        if current is Part.AIM and not _IS_AIM.match(text):
            states = states or bool(_STATES.search(text))
            part = Part.BACKGROUND if states else part
        lead, text = _parted(text)
        found.append(Told(start, end, text, part or current or own, number, lead))
    if not_english(paper.abstract):  # nothing here reads other languages
        return [replace(one, part=Part.BACKGROUND) for one in found]
    if current is None and study.is_study(texts := [one.text for one in found]):
        return _of_study(found, study.sections(texts))
    begin = next((one.number for one in found if one.own), len(found))
    if begin > _LATEST * len(found) and not any(
        one.own and _WE.search(one.text) for one in found
    ):  # it hardly speaks of itself: summaries in the third person
        return [replace(one, part=Part.OWN) if one.number >= len(found) // 3 else one for one in found]
    return found


_SECTIONS = {
    study.Section.INTRODUCTION: Part.BACKGROUND, study.Section.METHODS: Part.METHOD,
    study.Section.RESULTS: Part.RESULT, study.Section.CONCLUSION: Part.CONCLUSION,
}  # fmt: skip


def _of_study(found: Sequence[Told], sections: Sequence[study.Section]) -> list[Told]:
    """The sentences of a study with the parts that they tell; its aim is where the introduction puts it."""
    parts = [_SECTIONS[section] for section in sections]
    for n, one in enumerate(found):  # "Shading is a matter of dispute", among the methods
        if parts[n] is Part.METHOD and study.is_known(one.text):
            parts[n] = Part.BACKGROUND
    if Part.AIM not in parts and sections[0] is study.Section.INTRODUCTION and study.is_done(found[0].text):
        parts[0] = Part.METHOD  # it begins with what was done
    for patterns, upto in (((study.AIM,), 2), ((study.SETS_OUT,), 1)):
        if Part.AIM not in parts:
            early = [n for n, section in enumerate(sections) if section < upto]
            for n in early:
                if any(p.search(found[n].text) for p in patterns) and not _OTHERS.search(found[n].text):
                    parts[n] = Part.AIM
    return [replace(one, part=part) for one, part in zip(found, parts, strict=True)]


def _parted(text: str) -> tuple[str, str]:
    """What leads a sentence in (connective, number of a list item), in lower case, and the rest."""
    said = without_lead(_ITEM.sub("", text))
    return text[: len(text) - len(said)].lower(), _BACK.sub("", said)


def paper_name(paper: Paper) -> str:
    """The name that a paper gives its work: before the colon of its title, if short, or in brackets."""
    title = readable(paper.title or "")
    head, colon, _ = title.partition(":")
    head = head.strip()
    if colon and len(head.split()) == 1 and len(head) > 2:
        return head
    if colon and len(head.split()) == 2 and any(c.isupper() or c.isdigit() for c in head[1:]):
        return head
    return next(iter(re.findall(r"\(([A-Z][\w-]*[A-Z]\w*)\)", title)), "")


def _named_first(paper: Paper) -> str:
    """The name that the first sentence says to be a piece of work."""
    text = readable(paper.abstract)
    return text.split(" ", 1)[0].strip(",") if _IS_A.match(text) and not _PLURAL.match(text) else ""


def holds(text: str, name: str) -> bool:
    """Whether a text holds a name as a whole word."""
    return bool(name) and bool(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text))


def _speaks_of_itself(text: str, name: str) -> bool:
    if holds(text, name) or (_IS_A.match(text) and not _PLURAL.match(text)):
        return True
    if _GIVEN.match(text):
        return True
    named = _NAMED.match(text)
    return bool(_OWN.search(text)) or bool(named and not _PLURAL.fullmatch(named[1]))
