"""The wording by which sentences tell what a paper rests on: data sets, cohorts, how many of what.

Only patterns, each named by what a sentence does that holds it; `rag.compare.features` reads them.
"""

from __future__ import annotations

import re

_I = re.IGNORECASE
_DATA_NOUN = (
    r"(?:data ?sets?|cohorts?|corpus|corpora|benchmarks?|patients?|participants?|subjects|individuals|"
    r"volunteers|images?|scans?|slides?|volumes|videos?|photographs?|radiographs?|x-rays?|mammograms?|"
    r"reports?|records?|notes|samples|(?<!language )pairs|questions|cases|studies|papers|articles|"
    r"publications|abstracts|"
    r"examinations|exams?|visits|admissions|biopsies|tiles|patches|cells|spots|profiles|sequences|signals|"
    r"recordings|ECGs|EEGs|CTs|MRIs|WSIs|dialogues?|conversations|documents|posts|tweets|annotations|masks|"
    r"hospitals|centers|triples|rumors|concepts|cross-sections|encounters|trials|clips|"
    r"frames|words|sentences|queries|triplets|problems|surveys|paragraphs|databases?|registr(?:y|ies)|"
    r"repositor(?:y|ies)|tumou?rs|lesions|subtypes|sections|instances|molecules|nodules|items|"
    r"entries|examples|labels|objects|shapes|meshes|texts|utterances|tokens|transcripts|essays|stories|songs|"
    r"speakers|users|women|men|children|adults|students|(?<!GPU )hours|recordings|pages|books|tables|"
    r"headlines|languages|"
    r"residents|physicians|clinicians|radiologists|annotators|comments|reviews|claims|scenarios|"
    r"trees|poems|genes|compounds|proteins|residues|rats|mice|animals|specimens|eyes)"
)
COUNTED = re.compile(
    r"(?<![\w.])(?<![A-Za-z]-)(?:(?:over|about|around|more than|approximately|nearly|only|>|"
    r"~)\s?)?(?:\d[\d,.]*\s?(?:[kKMB]\b|million|billion|thousand|TB|GB|hours)?\+?|(?:one|two|three|several|"
    r"half a) (?:million|billion|thousand|hundred)|two|three|four|five|six|seven|eight|nine|ten|eleven|"
    r"twelve|thirteen|fourteen|fifteen|twenty|thirty|hundreds of|thousands of|millions of)"
    rf"[\s-](?:of )?(?:(?!than\b|of the\b|times\b|(?:introduc|us|includ|tak|giv)ing\b|with\b|for\b|"
    rf"from\b|on\b|"
    rf"in\b|to\b|by\b|as\b|which\b|that\b|during\b)[\w'/()-]+,? (?:and )?){{0,6}}?{_DATA_NOUN}\b",
    _I,
)
SET = re.compile(
    r"\b(?:data ?sets?|cohorts?|corpus|corpora|database|data from|records of|trained on|tested on|"
    r"set of (?:[\w-]+ ){0,4}(?:cases|examples|items|questions|sentences|texts)|"
    r"evaluated on|validated on|pre-?trained on|fine-?tuned on|evaluat\w+ (?:\w+ ){0,3}(?:on|across|with|"
    r"using)|experiments? (?:\w+ )?(?:on|across|with|using)|curated?|collected?)\b",
    _I,
)
_NAME = (
    r"(?![A-Z]{2,}s\b)(?!(?:EHRs?|EMRs?|MRI|fMRI|CT|EEG|ECG|LLMs?|VLMs?|AI|ML|WSIs?|RNA|DNA|ICU|QA|NLP|PET|US|UK|X-ray|3D|"
    r"2D|SOTA)\b)[A-Z][\w-]*[A-Z\d][\w-]*"
)  # a name of data: MIMIC-CXR, TCGA, BraTS2020
_NO_WAY = r"(?! (?:and [\w-]+ )?(?:techniques?|methods?|models?|networks?|architectures?|approach\w*)\b)"
NAMED_SET = re.compile(
    rf"\b{_NAME}(?:(?:,? and|,|/) {_NAME})*(?: [A-Za-z-]+)? (?:data ?sets?|cohorts?|corpus|benchmarks?|"
    rf"challenges?|database|test sets?|data)\b|\b(?:data ?sets?|benchmarks?|cohorts?)(?:,| such as| "
    rf"including|:| like|\s?\(|) ?{_NAME}|\b(?:MIMIC|TCGA|ADNI|BraTS|UK Biobank|CheXpert|MedQA|PubMedQA|"
    rf"eICU|GEO|PubMed|Synapse|ACDC)\b[\w-]*|\b(?i:experiments?|evaluat\w+|test\w*|train\w*|fine-?tun\w*|"
    rf"validat\w*|results?|gains?|FID|accuracy|Dice|performance)\b[^.;]{{0,60}}? on (?:the "
    rf")?{_NAME}\b{_NO_WAY}"
)
ON_SET = re.compile(
    r"(?<!based )\b(?:(?:on|across|over|from|using|in)\b (?:[\w'()/-]+ ){0,5}(?:data ?sets?|corpus|corpora|"
    r"cohorts?|benchmarks?|sets)|(?:on|from|using) (?:[\w'()/-]+ ){0,3}(?!the |this |these |such |more |"
    r"less )[\w-]+ (?<!the )data)\b|\b(?:on|in|over|across|from|with|using|against)\b (?:[\w-]+ "
    r"){0,4}?(?:test|validation|training|"
    r"hold-?out|external|internal|population|challenging|private|public|in-house) (?:\w+ )?sets?\b|\bon "
    r"(?:both )?(?:[\w-]+ )?(?:public|real-world|private|in-house|simulated|synthetic) (?:[\w-]+ )?data\b",
    _I,
)
MADE_SET = re.compile(
    r"\b(?:collect|curat|releas|construct|compil|publish|(?:we|authors) (?:have )?annotat|assembl|creat|"
    r"introduc|"
    r"provid|present|buil[dt]s?|gather|trained on|trained with|trained using)\w* [^.;]{0,60}(?:data ?set|"
    r"corpus|benchmark|cohort|patients|scans|slides|images|collection)|\b(?:introduc|present|releas)\w* "
    r"[^.;]{0,90}\bdata ?set\b|\bdata ?set\b[^.;]{0,90}\b(?:is|are) (?:presented|introduced|released|"
    r"described)|\bis an? [^.;]{0,30}(?:data ?set|corpus|benchmark|resource|collection)|"
    r"\bconsist\w* of|\bcompris\w*|\bcontain\w*|\btotal(?:l?ing)\b|\bincorporat\w+ \d",
    _I,
)
VAGUE_SET = re.compile(
    r"\b(?:several|various|multiple|many|diverse|different|public) (?:\w+ ){0,2}data ?sets?\b", _I
)
NO_DATA = re.compile(
    r"\b(?:data ?sets?|data)[- ](?:utili[sz]ation|usage|selection|quality|construction|curation|free|"
    r"efficient|scarcity|driven)\b|\bdata (?:augmentation|privacy|mining)\b",
    _I,
)
WANTS_DATA = re.compile(
    r"\b(?:reliance|relying|dependence|depend\w*|without|scarc\w*|lack|absence|need (?:for|of)|need\w* no|"
    r"expand\w*|requir\w*|demand\w*|inaccessible)\b[^.;,]{0,40}\b(?:data ?sets?|data)\b",
    _I,
)
CLOSE = 120  # characters
WE_USE = re.compile(r"\b(?:we|our)\b", _I)
# "1,204 examinations were used": what was studied, first.
USED = re.compile(
    r"\b(?:were|was) (?:used|included|collected|retrieved|enrolled|acquired|obtained|recruited|analy[sz]ed|"
    r"exploited)\b",
    _I,
)
TRAINED = re.compile(r"\btrained (?:on|with|using) [^.;,()]{0,60}\d", _I)
LARGE = re.compile(r"\D*\d{1,3}(?:,\d{3})+|\D*\d{4,}|\D*\d[\d.]*\s?(?:k|m|b|million|billion|thousand)\b", _I)
YEAR = re.compile(r"(?:19|20)\d\d\b")
ON_PEOPLE = re.compile(
    r"(?:\b(?:tests?|experiment\w*|evaluat\w*|(?:pre-?)?trained|applied|validat\w*|tested|studies|"
    r"compar\w+|results|generat\w+|derived|drawn|extracted|n=\d+)\b[^.;]{0,110}? (?:on|using|with|across|"
    r"in|from)|^on|\bcollection of) (?:[\w'()-]+,? ){0,5}(?:images|scans|data|patients|reports|records|"
    r"notes|slides|videos|participants|volumes|x-rays|imaging modalities|(?:clinical|free|procedure) text|"
    r"narratives|samples|articles|documents)\b|\b(?:learns?|trained|using|integrat\w+|combin\w+|fus\w+|"
    r"analy[sz]\w+) (?:from |on )?(?:[\w'/-]+,? ){1,8}data\b",
    _I,
)
ON_NAMED = re.compile(
    rf"(?<!based )(?<!built )(?<!improves )(?<!improved )(?<!rely )(?<!gains )\b[Oo]n (?:the )?{_NAME}\b"
    rf"{_NO_WAY}"
)
# How much was studied, whatever it is called: "tested on 870 scenes", "we filmed 64 sea otters".
SAMPLED = re.compile(
    r"\b(?:trained|tested|evaluated|validated|pre-?trained|fine-?tuned|based|uses?|(?:we|authors) "
    r"\w+ed)(?: on| "
    r"using| with| from)? (?:over |about |approximately |more than |some )?(?:\d[\d,.]*[kKM]?|\d[\d.]* "
    r"(?:million|thousand)) (?!%|percent|times|of\b)(?:[\w-]+ ){0,2}[\w-]+",
    _I,
)
IS_SET = re.compile(
    r"\b(?:is|are|as) (?:an?|the) [^.;]{0,60}\b(?:data ?set|corpus|benchmark|collection)\b", _I
)
REFERS = re.compile(r"\b(?:resulting|these|this|such|same) (?:\w+ )?data(?: ?sets?)?\b", _I)
SUGGESTS = re.compile(r"\bsuggest\w* (?:an? |the )?(?:\w+ )?(?:approach|method|way|procedure|use)\b", _I)
SUCH = re.compile(r"^such\b", _I)
