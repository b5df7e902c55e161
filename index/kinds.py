"""Kinds of works: the CSL types, which records keep, and what other formats call them.

A record whose own word is lost on the way (sixty RIS types become thirty) keeps it in `extra` under
`RIS_TYPE` or `ENTRY_TYPE`, so that it is written back as it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

RIS_TYPE, ENTRY_TYPE = "ris_type", "entry_type"

RIS: Mapping[str, str] = {
    "JOUR": "article-journal", "EJOUR": "article-journal", "JFULL": "periodical", "ABST": "article-journal",
    "INPR": "article-journal", "MGZN": "article-magazine", "NEWS": "article-newspaper", "BOOK": "book",
    "EBOOK": "book", "EDBOOK": "book", "CLSWK": "book", "ANCIENT": "book", "SER": "book", "CTLG": "book",
    "CHAP": "chapter", "ECHAP": "chapter", "CONF": "book", "CPAPER": "paper-conference",
    "THES": "thesis", "RPRT": "report", "GOVDOC": "report", "GRNT": "report", "STAND": "standard",
    "DATA": "dataset", "AGGR": "dataset", "DBASE": "dataset", "COMP": "software", "PAT": "patent",
    "ELEC": "webpage", "ICOMM": "personal_communication", "PCOMM": "personal_communication",
    "BLOG": "post-weblog", "UNPB": "manuscript", "MANSCPT": "manuscript", "PAMP": "pamphlet",
    "DICT": "entry-dictionary", "ENCYC": "entry-encyclopedia", "CASE": "legal_case", "BILL": "bill",
    "STAT": "legislation", "LEGAL": "legislation", "UNBILL": "bill", "HEAR": "hearing", "MAP": "map",
    "MPCT": "motion_picture", "VIDEO": "motion_picture", "ADVS": "motion_picture", "MULTI": "document",
    "SOUND": "song", "MUSIC": "musical_score", "ART": "graphic", "FIGURE": "figure", "CHART": "figure",
    "EQUA": "figure", "SLIDE": "speech", "GEN": "document", "PREPRINT": "article",
}  # fmt: skip
TO_RIS: Mapping[str, str] = {
    "article-journal": "JOUR", "article": "UNPB", "book": "BOOK", "dataset": "DATA", "report": "RPRT",
    "article-magazine": "MGZN", "article-newspaper": "NEWS", "chapter": "CHAP", "paper-conference": "CPAPER",
    "personal_communication": "PCOMM", "manuscript": "UNPB", "bill": "BILL", "legislation": "STAT",
    "motion_picture": "MPCT", "figure": "FIGURE", "document": "GEN", "song": "SOUND", "speech": "SLIDE",
    **{csl: tag for tag, csl in RIS.items() if list(RIS.values()).count(csl) == 1 and csl != "article"},
}  # fmt: skip
BIBTEX: Mapping[str, str] = {
    "article": "article-journal", "book": "book", "mvbook": "book", "proceedings": "book", "manual": "book",
    "collection": "book", "booklet": "pamphlet", "inbook": "chapter", "incollection": "chapter",
    "bookinbook": "chapter", "suppbook": "chapter", "inreference": "entry-encyclopedia",
    "inproceedings": "paper-conference", "conference": "paper-conference", "mastersthesis": "thesis",
    "phdthesis": "thesis", "thesis": "thesis", "techreport": "report", "report": "report",
    "unpublished": "manuscript", "misc": "document", "online": "webpage", "electronic": "webpage",
    "www": "webpage", "patent": "patent", "dataset": "dataset", "software": "software",
    "periodical": "periodical", "standard": "standard", "preprint": "article",
}  # fmt: skip
TO_BIBTEX: Mapping[str, str] = {
    "article-journal": "article", "article-magazine": "article", "article-newspaper": "article",
    "book": "book", "pamphlet": "booklet", "chapter": "incollection", "entry-encyclopedia": "incollection",
    "entry-dictionary": "incollection", "paper-conference": "inproceedings", "thesis": "phdthesis",
    "report": "techreport", "standard": "techreport", "manuscript": "unpublished",
}  # fmt: skip
TO_BIBLATEX: Mapping[str, str] = {
    **TO_BIBTEX, "thesis": "thesis", "report": "report", "webpage": "online", "patent": "patent",
    "dataset": "dataset", "software": "software", "article": "online", "post-weblog": "online",
    "entry-encyclopedia": "inreference", "entry-dictionary": "inreference", "periodical": "periodical",
}  # fmt: skip

# What Crossref, OpenAlex, PubMed, Scopus, Web of Science, Zotero and EndNote say; letters and digits only.
_WORDS: Mapping[str, str] = {
    "journalarticle": "article-journal", "article": "article-journal", "articlejournal": "article-journal",
    "review": "article-journal", "letter": "article-journal", "editorial": "article-journal",
    "editorialmaterial": "article-journal", "note": "article-journal", "shortsurvey": "article-journal",
    "comment": "article-journal", "casereports": "article-journal", "clinicaltrial": "article-journal",
    "metaanalysis": "article-journal", "systematicreview": "article-journal", "erratum": "article-journal",
    "dataandpaper": "article-journal", "articleinpress": "article-journal", "earlyaccess": "article-journal",
    "randomizedcontrolledtrial": "article-journal", "clinicalstudy": "article-journal",
    "j": "article-journal", "b": "book", "s": "book", "p": "patent", "c": "paper-conference",
    "conferencepaper": "paper-conference", "proceedingspaper": "paper-conference", "conference":
    "paper-conference", "proceedingsarticle": "paper-conference", "meetingabstract": "paper-conference",
    "conferenceabstract": "paper-conference", "conferenceproceedings": "paper-conference",
    "inproceedings": "paper-conference", "book": "book", "editedbook": "book", "monograph": "book",
    "referencebook": "book", "proceedings": "book", "electronicbook": "book",
    "bookchapter": "chapter", "booksection": "chapter", "bookpart": "chapter", "chapter": "chapter",
    "incollection": "chapter", "electronicbooksection": "chapter", "referenceentry": "entry-encyclopedia",
    "encyclopediaarticle": "entry-encyclopedia", "encyclopedia": "entry-encyclopedia",
    "dictionaryentry": "entry-dictionary", "dissertation": "thesis", "thesis": "thesis",
    "phdthesis": "thesis", "mastersthesis": "thesis", "report": "report", "technicalreport": "report",
    "reportseries": "report", "governmentdocument": "report", "preprint": "article",
    "postedcontent": "article", "dataset": "dataset", "software": "software", "computerprogram": "software",
    "patent": "patent", "standard": "standard", "webpage": "webpage", "website": "webpage",
    "blogpost": "post-weblog", "blog": "post-weblog", "magazinearticle": "article-magazine",
    "newspaperarticle": "article-newspaper", "manuscript": "manuscript", "unpublishedwork": "manuscript",
    "presentation": "speech", "videorecording": "motion_picture", "film": "motion_picture", "map": "map",
    "artwork": "graphic", "case": "legal_case", "bill": "bill", "statute": "legislation",
    "hearing": "hearing", "generic": "document", "document": "document", "misc": "document",
    "other": "document", "journal": "periodical", "journalissue": "periodical", "peerreview": "review",
    "audiorecording": "song", "interview": "interview",
}  # fmt: skip
CSL = frozenset({*RIS.values(), *_WORDS.values(), *BIBTEX.values(), "post", "regulation", "performance"})


def find_kind(word: str | None) -> str | None:
    """The CSL type that a word of any known source stands for, or None."""
    if not word:
        return None
    if word in CSL:
        return word
    bare = re.sub(r"[^a-z0-9]", "", word.casefold())
    return _WORDS.get(bare) or RIS.get(word.upper())
