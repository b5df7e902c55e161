"""The wording by which the sentences of a study are told apart: who took part, what was done and found.

Only patterns, each named by what a sentence says that holds it; `rag.compare.features` reads them.
"""

from __future__ import annotations

import re

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
TAKEN_IN = re.compile(
    r"\b(?:includ|enrol|recruit|randomi[sz]|studi|analy[sz]|review|select|participat|identif|follow|survey|invit|"
    r"interview|admitted|consecutive|underwent|received|attend|sampl|collect|obtain|complet|us|treat|retriev|"
    r"assign|divid|captur|respond|examin|carried out (?:with|on|in)|consist|compris|involv)(?:e?d|ied|"
    r"\w*ing)?\b",
    _I,
)
SOURCE = re.compile(
    r"\b(?:registr(?:y|ies)|databases?|records|charts|survey|census|cohorts?|population|consecutive|"
    r"data (?:from|"
    r"were|on)|files|admitted|claims|hospitals?|medline|pubmed|embase|cochrane|specimens?|samples?|cell "
    r"lines?|"
    r"strain|rats|mice|patients|participants|volunteers|cases|deaths|women|children|students|subjects)\b",
    _I,
)
TREATED = re.compile(
    r"\b(?:randomi[sz]ed|randomly|divided|assigned|allocated|compared|underwent|received|given|administ\w+|exposed|"
    r"treated|performed|stratified|matched|fed|injected|implanted|reviewed|retrospective\w*|prospective\w*|"
    r"search\w*|interview\w*|questionnaires?|survey\w*|screened|simulat\w+|cultured|transfected)\b",
    _I,
)
MEASURED = re.compile(
    r"\b(?:assess|measur|evaluat|test|record|determin|examin|analy[sz]|estimat|calculat|defin|scor|classif|"
    r"monitor|quantif|investigat|collect|imag|categori[sz]|label|stain)\w*\b|\busing\b|\bby means of\b",
    _I,
)
STATISTICS = re.compile(
    r"\b(?:statistical analys[ie]s|t[- ]tests?|chi-?square\w*|anova|SPSS|mann-whitney|fisher|software|"
    r"p[- ]values?)\b",
    _I,
)
COMPARES = re.compile(
    r"\bsignifican\w+|\bdifference|\bdiffer(?:s|ed)?\b|\bcorrelat\w+|\bassociat\w+|\bpredict\w*|"
    r"\brelated to\b|"
    r"\b(?:higher|lower|greater|less|more|better|worse|longer|shorter|fewer|larger|smaller|increase[sd]?|"
    r"decrease[sd]?|reduce[sd]?|improve[sd]?|superior|inferior|similar|comparable|equal\w*|equivalent)\b|"
    r"\b(?:vs\.?|versus|compared (?:with|to)|than)\b|\bno (?:\w+ )?(?:indication|evidence|effect|"
    r"influence|impact|benefit)\b|"
    r"\bdid not\b|\beffective\b|\brisk\b|\bsafe(?:ly)?\b",
    _I,
)
TESTED = re.compile(
    r"\bp\s?[=<>≤]|\bCI\b|confidence interval|odds ratio|hazard ratio|relative risk|\b[ror]s? ?=", _I
)
FIGURE = re.compile(r"\d+(?:\.\d+)?\s?%|\d\.\d|\b\d+ (?:vs\.?|versus|and|of|out of) \d")
# Who took part and how they were at the start is no finding.
BASELINE = re.compile(
    r"\b(?:mean|median|average) (?:patient )?age\b|\b(?:were|was) (?:fe)?males?\b|\b(?:participated|"
    r"were (?:included|"
    r"enrolled|identified|recruited|studied|analy[sz]ed|reviewed|eligible|captured|available))\b|"
    r"\b(?:follow-up|observation) (?:"
    r"was|time|period)\b|\bresponse rate\b|\bof (?:these|whom)\b|\bthere were \d+ (?!\w+ (?:cases|deaths))|"
    r"\bbaseline\b|\breturned\b",
    _I,
)
BARE = re.compile(
    r"\bgroups? (?:[1-4]|[A-D]|I{1,3}|IV)\b|^(?:these|this|they|it|the latter|the former|both)\b(?! (?:study|"
    r"trial|results|findings|data))",
    _I,
)
HEDGED = re.compile(r"\b(?:may|might|could|potential(?:ly)?|promising|possibl[ey]|appears?|seems?)\b", _I)
ADVISES = re.compile(
    r"\b(?:should|recommend\w*|need(?:s|ed)?|further|future|important (?:to|for|component\w*)|"
    r"warrant\w*|must|necessary|required)\b|"
    r"\b(?:is|are) (?:often|commonly|considered|well[- ])",
    _I,
)
# "They were compared": what was done, told among the results.
DONE = re.compile(
    r"\b(?:was|were) (?:\w+ )?(?:compared|assessed|evaluated|normali[sz]ed|measured|calculated|"
    r"performed|analy[sz]ed|"
    r"examined|recorded|defined|tested|developed|divided|investigated)\b",
    _I,
)
CONCLUDES = re.compile(
    r"\b(?:(?:we|authors) conclude|it is concluded|in conclusion|our (?:results|findings|data) (?:\w+ "
    r")?(?:show|"
    r"indicate|suggest|demonstrate|confirm))",
    _I,
)
MAIN = re.compile(r"\b(?:main|primary|principal|most important) (?:\w+ ){0,2}(?:results?|findings?)\b", _I)
WAS_DONE = re.compile(r"\b(?:was|were|we) (?:\w+ )?\w+ed\b", _I)
VERB = re.compile(r"\b(?:was|were|is|are|had|has|have|did|underwent|received|\w+ed)\b", _I)
