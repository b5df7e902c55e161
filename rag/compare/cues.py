"""The wording by which sentences of abstracts are told apart: aims, ways, findings, data, limits.

Only patterns, each named by what a sentence does that holds it; `rag.compare.scores` weighs them.
"""

from __future__ import annotations

import re

_I = re.IGNORECASE
PRESENTED = re.compile(
    r"\b(?:is|are|was) (?:\w+ly )?(?:introduced|proposed|presented|described|developed|reviewed|surveyed|"
    r"released|examined|investigated|compared|intended|designed|built|created|offered|studied)\b",
    _I,
)
# "ResQu is a framework …", "BM-MAE adds …": what the paper is about is defined.
DEFINED = re.compile(
    r"^[\w-]+, (?:introduced|described|presented|proposed) as\b|^(?:the |this )?(?:[\w.-]+ "
    r"){1,4}(?:\([^)]*\),? )?(?:is|are|adds?|aims?|extends?|provides?|offers?|"
    r"introduces|presents|proposes|addresses|enables|unifies|detects?|generates?|predicts?|segments?|turns|"
    r"takes|curates|collects)\b",
    _I,
)
AIM = re.compile(
    r"\b(?:aim(?:s|ed|ing)? (?:to|at)|the (?:aim|goal|objective|purpose|focus) (?:of|is|was)|designed "
    r"(?:to|for)|(?:task|problem|challenge) of|in order to|whether|how well|to (?:address|tackle|predict|"
    r"detect|segment|classify|generate|test|determine|assess|evaluate|measure|map|forecast|accelerate|"
    r"enable|automate|identify|estimate|diagnose|improve|help|support|examine|investigate))\b",
    _I,
)
HOW = re.compile(
    r"\b(?:us(?:es?|ed|ing)|employ\w*|leverag\w*|utili[sz]\w*|integrat\w*|combin\w*|consist(?:s|ed|ing)? "
    r"of|compris\w*|incorporat\w*|train(?:s|ed)|fine-?tun\w*|pre-?train\w*|based on|built (?:on|upon)|via|"
    r"through|by (?:\w+ly )?\w+ing|encod\w*|module|architecture|network|transformer|loss|strategy|"
    r"framework|pipeline|adapts?|adopt\w*|appl(?:y|ies|ied)|extract\w*|fus\w*|align\w*|cluster\w*|"
    r"inject\w*|operates?|formulat\w*|built from|pairs (?:each|every|an?)\b|adds|screened|PRISMA|sorted|"
    r"maps?|forms?|predicted from|links?|linked|convert(?:s|ed)|tutorial|cover(?:s|ed|ing)?|discuss\w*|"
    r"overview|followed by|generates?|annotat\w*|categori[sz]\w*|taxonomy|synthesi[sz]\w*|distil\w*|"
    r"decoupl\w*|replac\w*|jointly|learns?|mechanism|algorithm|stages?|attention|instruction[- ]tun\w*|"
    r"diffusion|prompt\w*|regress\w*|questionnaire|interview\w*|randomi[sz]ed|retrospective\w*|"
    r"prospective\w*)\b",
    _I,
)
DOES = re.compile(
    r"\b(?:we|authors|method|model|framework|approach|network|system|architecture|paper|study|it|they|"
    r"which|that|(?:is|are|was|were) (?:\w+ly )?\w+ed)\b",
    _I,
)
MEANS = re.compile(
    r"\b(?:approach|framework|methods?|models?|pipeline|technique|benchmark|survey|review|learning|scaling|"
    r"propos\w*|devis\w*|tests?|tested|evaluated)\b",
    _I,
)
OBJECT = 25  # characters after a verb that say what it is done to
FINDS = re.compile(
    r"\b(?:(?:results?|experiments?|evaluations?|findings?|analys[ei]s|tests?|studies|"
    r"ablations?)\b.{0,240}\b(?<!to )(?<!must )(?:show|indicat|demonstrat|reveal|suggest|confirm|highlight|"
    r"prove|"
    r"find|establish|"
    r"support|underscor)\w*|showcase how|it (?:is|was) (?:shown|demonstrated|found)|\band (?:\w+ )?(?:show|"
    r"demonstrate|observe) that|(?:found|"
    r"observed|conclud\w+)\b|(?:we|authors|they|study|and) (?:\w+ )?(?:find|"
    r"observe)s?\b(?! the value)|(?:was|were|is|are) (?:the )?(?:most|best|highest|lowest)|(?:highest|"
    r"lowest|best) (?:on|in|for)|reveal\w*|(?:we|authors|results|experiments) (?:\w+ )?(?:show|"
    r"demonstrate)\b(?! how)|demonstrating (?:significant|superior|improv|state|strong|substantial|robust|"
    r"better|consistent|high|the (?:[\w-]+ ){0,2}(?:effectiveness|superiority|relevance|robustness|"
    r"efficacy))\w*|show(?:s|ed)\b(?! how)|(?<!to )demonstrat(?:es?|ed)|yield(?:s|ed)|"
    r"(?:higher|lower|"
    r"better|worse|faster|smaller|more [\w-]+) than|improv(?:es|ed) (?:on|by|over|from)|rais(?:es|ed)|"
    r"rival\w*|prefer(?:s|red)?|comparable to|on par|superior\w*|excel\w*|(?:we|authors) (?:\w+ )?see\b|"
    r"(?:report|obtain|show)\w* (?:promising|strong|competitive) results|performs? (?:\w+ )?(?:strongly|"
    r"well|better|best|robustly)|readily|transfers? well|best[,.;]|reports? "
    r"(?:\w+ )?(?:improvement|state|better|superior)\w*|did well|better at|st(?:ood|ands) out|(?:effects|"
    r"results) varied|prov(?:e|es|ed) (?:significant|effective|useful|superior|sufficient)|state[- ]of[- "
    r"]the[- ]art (?:performance|results|accuracy)|falls? (?:below|short)|leads in|equals|competitive|"
    r"exhibit\w*|correctly \w+s|underlin\w+|results (?:approach|match|exceed|surpass|are)|correlat\w*|"
    r"associated with|come within|comes? close|close to|(?:is|are) (?:substantial|superior|effective|"
    r"state[- ]of[- ]the[- ]art)|ranked (?:first|second|third|highest|top|among|as)|won|did best|best "
    r"(?:was|were)|fall(?:s|ing)? from|fell|drop(?:s|"
    r"ped)?|ris(?:es|ing) from|rose|(?:the|its|absolute|zero-shot) gains?|match(?:es|ed)? (?:or|the|"
    r"modality|human|expert|full)|(?:gives?|has|obtains?) the best|(?:did|does|do) not (?:compromise|"
    r"reduce|degrade|harm|improve)|top performers?|among the (?:top|best)|inadequately|approach(?:es|ed|"
    r"ing) (?:human|expert|physician|the)|comes? within|(?:set|sets|setting|establish\w*|new|is|are) (?:a "
    r")?(?:new )?(?:the )?state[- ]of[- ]the[- ]art|near(?:s|ed))\b",
    _I,
)
WEAK = re.compile(
    r"\b(?:lead(?:s|ing)? to|best|effective(?:ly)?|gains?|reduc(?:es|ed|ing)|increas(?:es|ed)|improv\w+|"
    r"enhanc\w+|robust\w*|accura\w+|significant(?:ly)?|success\w*|enables?|allows?|most|least|fewer|"
    r"majority|can)\b",
    _I,
)
MEASURED = re.compile(
    r"\b(?:accurac\w+|AUC|AUROC|ROC|dice|F1|sensitivity|specificity|precision|recall|FID|BLEU|METEOR|"
    r"ROUGE\S*|PSNR|SSIM|IoU|mAP|score[sd]?|error|kappa|correlation|percent|AP|RMSE|MAE)\b.{0,40}\d|"
    r"\d(?:\.\d+)?\s?%(?! of (?:the |all )?(?:labell?ed |annotated |original )?(?:training |train )?"
    r"(?:data|labels|annotations|samples|images|parameters))|\b\d+(?:\.\d+)?x\b",
    _I,
)
BEST = re.compile(r"\b(?:outperform\w*|surpass\w*|state[- ]of[- ]the[- ]art|SOTA|best|beats?)\b", _I)
STRONG = re.compile(
    r"\b(?:outperform\w*|surpass\w*|exceed\w*|(?<!to )achiev(?:es?|ed|ing)\b(?! [^.;,]{0,60} (?:by|through|"
    r"via) (?:leverag|us|integrat|combin|introduc|employ|incorporat))|(?:sets?|setting|establish\w*|"
    r"reach\w*|new|is|are) (?:a )?(?:new )?(?:the )?(?:state[- ]of[- ]the[- ]art|SOTA)|beats?|advanc(?:es|"
    r"ed) the state|(?:we|authors) (?:\w+ )?f(?:ou|i)nd|(?:results|experiments|evaluations?|findings|"
    r"analyses)\b[^.;]{0,240}? (?<!to )(?:show|indicate|demonstrate|reveal|suggest)\w*|(?<!an )improv(?:es|"
    r"ed) "
    r"(?!the ability)|scored|(?<!is )(?<!are )reach(?:es|ed)|attain(?:s|ed)?|did best|(?:exhibit|show|"
    r"achiev|yield|bring|deliver|"
    r"obtain)\w* (?:\w+ ){0,2}(?:improvements?|gains?)|ranked first)\b",
    _I,
)
FUTURE = re.compile(
    r"\b(?:will|hope|future|promis\w+(?! results)|potential(?:ly)?|aims?|could|can (?:help|serve|be)|"
    r"pav\w+ the way|believe|step toward\w*|can (?:also )?be (?:studied|used|applied)|planned|encourag\w*|"
    r"intend\w*|plan)\b",
    _I,
)
# Subject and verb of a sentence that says what the paper does: the telling words of such a sentence.
DID = re.compile(
    r"\b(?:we|(?:the )?(?:authors?|paper|study|work|survey|review|article)|here)\b[^.;:]{0,40}?\b(?:propos|"
    r"introduc|present|develop|creat|construct|buil[dt](?!s? (?:up)?on)|design|releas|publish|collect|"
    r"curat|contribut|establish|address|describ|provid|explor|investigat|examin|stud(?:y|ies|ied)\b(?! of)|"
    r"evaluat|assess|research|analy[sz]|compar|compil|review|survey|summari[sz]|outlin|discuss|test|ask|"
    r"annotat|"
    r"train|learn|argu|extend|adapt|tackl|quantif|focus|aim|adopt|perform|conduct|film|measur|record|"
    r"interview|recruit|enrol|carry|carried|categori[sz]|employ|appl(?:y|ied)|devis)\w*",
    _I,
)
LEANS = re.compile(
    r"^(?:this|these|such|here|that|those)\b(?! (?:paper|work|study|survey|review|article))", _I
)
HOLLOW = re.compile(
    r"\b(?:our|main|key|following|two|three) (?:\w+ )?contributions?\b|\b(?:two|three|several) (?:\w+ )?"
    r"(?:objectives|goals|aims|solutions|questions)\b|\bcontributions? (?:are|is|include)|"
    r"\bto the best of\b|\bthis is the first\b|\b(?:several|many|various|three|two|four) (?:key |main "
    r")?(?:strategies|contributions|aspects) (?:are|is)\b|\bwe believe\b",
    _I,
)
CODE = re.compile(
    r"https?:|github|\b(?:code|weights?|datasets?|data|models?|checkpoints?|benchmark|"
    r"annotations)\b[^.;]{0,60}\b(?:is|are|will be|been|be|made) (?:\w+ly |made )?(?:available|released|"
    r"open[- ]?sourced?|accessible|public)|\b(?:available|accessible) (?:at|on|via|under)\b|\bopen[- "
    r"]source (?:package|"
    r"library|code|toolkit)\b|\bproject page\b|leaderboard:",
    _I,
)
GOAL_ONLY = re.compile(r"^(?:in order )?to (?:improve|reduce|increase|demonstrate|show)\b", _I)
_DATA_NOUN = (
    r"(?:data ?sets?|cohorts?|corpus|corpora|benchmarks?|patients?|participants?|subjects|individuals|"
    r"volunteers|images?|scans?|slides?|volumes|videos?|photographs?|radiographs?|x-rays?|mammograms?|"
    r"reports?|records?|notes|samples|pairs|questions|cases|studies|papers|articles|publications|abstracts|"
    r"examinations|exams?|visits|admissions|biopsies|tiles|patches|cells|spots|profiles|sequences|signals|"
    r"recordings|ECGs|EEGs|CTs|MRIs|WSIs|dialogues?|conversations|documents|posts|tweets|annotations|masks|"
    r"hospitals|centers|triples|rumors|concepts|cross-sections|encounters|trials|clips|"
    r"frames|words|sentences|queries|triplets|problems|surveys|paragraphs|databases?|registr(?:y|ies)|"
    r"repositor(?:y|ies)|tumou?rs|lesions|subtypes|sections|instances|molecules|nodules|items|"
    r"entries|examples|labels|objects|shapes|meshes)"
)
COUNTED = re.compile(
    r"(?<![\w.])(?<![A-Za-z]-)(?:(?:over|about|around|more than|approximately|nearly|only|>|"
    r"~)\s?)?(?:\d[\d,.]*\s?(?:[kKMB]\b|million|billion|thousand|TB|GB|hours)?\+?|(?:one|two|three|several|"
    r"half a) (?:million|billion|thousand|hundred)|two|three|four|five|six|seven|eight|nine|ten|eleven|"
    r"twelve|thirteen|fourteen|fifteen|twenty|thirty|hundreds of|thousands of|millions of)"
    rf"[\s-](?:of )?(?:(?!than\b|of the\b|times\b)[\w'/()-]+,? (?:and )?){{0,6}}?{_DATA_NOUN}\b",
    _I,
)
SET = re.compile(
    r"\b(?:data ?sets?|cohorts?|corpus|corpora|database|data from|records of|trained on|tested on|"
    r"evaluated on|validated on|pre-?trained on|fine-?tuned on|evaluat\w+ (?:\w+ ){0,3}(?:on|across|with|"
    r"using)|experiments? (?:\w+ )?(?:on|across|with|using)|curated?|collected?)\b",
    _I,
)
_NAME = (
    r"(?!(?:EHRs?|EMRs?|MRI|fMRI|CT|EEG|ECG|LLMs?|VLMs?|AI|ML|WSIs?|RNA|DNA|ICU|QA|NLP|PET|US|UK|X-ray|3D|"
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
    r"\b(?:collect|curat|releas|construct|compil|publish|(?:we|authors) annotat|assembl|creat|introduc|"
    r"provid|present|buil[dt]s?|gather|trained on|trained with|trained using)\w* [^.;]{0,60}(?:data ?set|"
    r"corpus|benchmark|cohort|patients|scans|slides|images|collection)|\b(?:introduc|present|releas)\w* "
    r"[^.;]{0,90}\bdata ?set\b|\bis an? [^.;]{0,30}(?:data ?set|corpus|benchmark|resource|collection)|"
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
LIMIT = re.compile(
    r"\b(?:limitations? (?:of (?:this|the|our)|include|are|is)|(?:this|our) (?:study|work|review) (?:is|"
    r"was) limited|(?:further|future) (?:research|work|stud(?:y|ies)|validation|investigations?|"
    r"improvements?)\b.{0,60}\b(?:need|requir|necess|warrant|must|should|remain)\w*|need(?:s|ed)? (?:for "
    r")?(?:further|more) (?:model )?(?:research|work|studies|validation|optimi[sz]ation|refinement|"
    r"improvement)|(?:validation|research|work|studies) "
    r".{0,30}(?:still |is |are )needed|still (?:needed|lack\w*|struggl\w*|fall\w*|lag\w*|fail\w*|far)|"
    r"fall(?:s|ing)? short|struggl\w*|underperform\w*|(?:does|did|do) not (?:\w+ )?(?:improve|"
    r"generali[sz]e|reach|match|help|outperform|guarantee|always)|performance (?:was|is) (?:lower|worse|"
    r"poor)|perform(?:s|ed|ing)? (?:poorly|worse)|far from|lag\w* behind|degrad(?:es?|ed)(?! more "
    r"gracefully)|(?:improvements?|"
    r"enhancements?|refinements?|validations?|research|work|studies) [^.;]{0,60}(?:needed|required|necessary|"
    r"warranted|imperative)|prov(?:e|es|ed) "
    r"(?:harder|difficult|challenging)|lowers? the (?:score|accuracy|performance)|do(?:es)? poorly|did "
    r"poorly|not (?:yet )?(?:sufficient|suitable|ready|reliable)|fail(?:s|ed)? to|(?:is|are|remain\w*|was|"
    r"were|accuracy) insufficient|insufficient for|(?:is|are|remains?) (?:an? )?(?:\w+ )?limitations?\b|"
    r"still (?:\w+ )?(?:challenging|difficult|hard|open)\b|remains? (?:difficult|challenging)|(?:place|"
    r"room|areas?) for improvement|remains? (?:to be|a challeng|challeng|limited|open|unclear|difficult|"
    r"low|poor|"
    r"unsolved|insufficient)\w*|(?:key|main|major|a) bottleneck\b(?! (?:position|layer))|at the (?:cost|"
    r"expense) of|significant (?:gaps?|limitations?|shortcomings?|weaknesses)|(?:reveal|expos|highlight|"
    r"uncover|identif)\w* .{0,40}(?:gaps?(?! between)|limitations?|shortcomings?|weakness\w*|deficienc\w*|"
    r"failures?))\b",
    _I,
)
OVERCOMES = re.compile(
    r"\b(?:overcom|address|mitigat|alleviat|surpass|solv|tackl|reduc|bridg|avoid|without|eliminat|resolv|"
    r"fill|close|handl|counter|compensat)\w*\b",
    _I,
)
# "limitations of today's models": of a field, found by the paper but not its own.
OF_FIELD = re.compile(
    r"\b(?:of|in|by|with) (?:the )?(?:current|existing|today['’]s|present|state[- ]of[- ]the[- ]art|"
    r"contemporary|leading|popular|general|conventional) (?:[\w-]+ ){0,4}?(?:models?|methods?|\w*LLMs?|"
    r"\w*VLMs?|systems?|approach\w*|techniques?|benchmarks?|metrics|practices?|research|literature|"
    r"evaluations?)\b|"
    r"\bin (?:[\w-]+ )?(?:LLMs|MLLMs|VLMs|systems|models)\b",
    _I,
)
OTHERS_FAIL = re.compile(
    r"\b(?:existing|previous|prior|conventional|traditional|current|baselines?|other) (?:[\w-]+ "
    r"){0,3}(?:methods?|approach\w*|works?|stud(?:y|ies)|models?|techniques?|systems?|benchmarks?|"
    r"baselines?|practices?)\b|\bbaselines? \w+|\bfail to learn\b",
    _I,
)
PROBLEM = re.compile(
    r"\b(?:cost\w*|scarc\w*|lack\w*|challeng\w*|hamper\w*|hinder\w*|limit\w*|hard|difficult\w*|few|little|"
    r"often|unknown|struggl\w*|fail\w*|miss\w*|only|need\w*|must|however|takes?|whether|unclear|not|no|"
    r"remain\w*|ignor\w*|neglect\w*|slow|expensive|insufficient|underexplored|overlook\w*|gap|requir\w*|"
    r"depend\w*|without|prohibitive|suffer\w*)\b",
    _I,
)
CONCLUDES = re.compile(
    r"\b(?:conclud\w*|sees? (?:opportunit|potential)\w*|possible uses|ways forward|implications|future "
    r"(?:research )?directions|should|suggests? that|foresee|according to the authors|draws attention|"
    r"stress(?:es)?|highlight\w*|underscor\w*)\b",
    _I,
)
CLOSE = 120  # characters
WE_USE = re.compile(r"\b(?:we|our)\b", _I)
PRESENTS = re.compile(r"\b(?:we|paper|study) (?:\w+ )?(?:propos|introduc|present|develop)\w*", _I)
OUTCOME = re.compile(r"(?:results?|experiments?|evaluations?|findings?|analys|tests|studies|ablations)", _I)
# "1,204 examinations were used": what was studied, first.
USED = re.compile(
    r"\b(?:were|was) (?:used|included|collected|retrieved|enrolled|acquired|obtained|recruited|analy[sz]ed|"
    r"exploited)\b",
    _I,
)
TRAINED = re.compile(r"\btrained (?:on|with|using) [^.;,()]{0,60}\d", _I)
LARGE = re.compile(r"\D*\d{1,3}(?:,\d{3})+|\D*\d{4,}|\D*\d[\d.]*\s?(?:k|m|b|million|billion|thousand)\b", _I)
YEAR = re.compile(r"(?:19|20)\d\d\b")
# A way of going about it is put forward by its name: "we introduce a fusion module".
PUTS = re.compile(
    r"\b(?:propos|introduc|present|develop|design|devis|employ|adopt|appl|us)\w* [^.;]{0,60}\b(?:method|"
    r"approach|design|mechanism|strateg(?:y|ies)|module|network|architecture|pipeline|framework|loss|"
    r"algorithm|encoder|schema|sampler|technique|transformer|learning|procedure|paradigm|objective|"
    r"regulari[sz]\w+|adapter|agent)s?\b",
    _I,
)
TRIES = re.compile(
    r"\b(?:applied to an? (?:\w+ )?(?:data ?set|cohort)|experiments?|evaluat\w+|empirical|ablation|"
    r"metrics?|compared with|tested (?:on|by|with)|"
    r"validat\w+)\b",
    _I,
)
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
GIVES_AWAY = re.compile(
    r"\b(?:releas|publish)\w*\b[^.;]{0,60}\b(?:data ?sets?|data|weights)\b|\bunder an? [\w ]{0,20}licen[sc]e",
    _I,
)
AIMS = re.compile(
    r"\b(?:paper|work|study|survey|review|article|we|authors|thrust|project)\b [^.;]{0,20}?\baims? (?:to|"
    r"at)\b|\b(?:aim|goal|objective|purpose|focus|thrust) of (?:this|the|our)\b",
    _I,
)
# What a data set holds is no finding; nor is what a survey goes through.
HOLDS = re.compile(
    r"\b(?:data ?set|benchmark|corpus|collection|repository)\b(?: \w+)? (?:covers?|contains?|comprises?|"
    r"consists?|includes?|features?|spans?|encompasses)\b|\bdata ?set,[^.;]{0,140}, (?:includes|contains|"
    r"comprises|covers)\b",
    _I,
)
GOES_THROUGH = re.compile(
    r"\b(?:survey|review|article|chapter|overview)\b presents|\b(?:we|authors|survey|review|paper|article|"
    r"chapter)\b (?:\w+ )?(?:mov|group|organi[sz]|explor|discuss|review|cover|"
    r"outlin|begin|summari[sz]|survey)\w*",
    _I,
)
# "On three data sets …": such a sentence goes on to a result.
ON_FIRST = re.compile(
    r"^(?:on|across|over|among|averaged|applied|for comparison|compared|relative|tested|in (?:[\w-]+ "
    r"){0,3}(?:experiments?|evaluations?|tests?|stud(?:y|ies)))\b",
    _I,
)
# What it is good for, not how it goes about it: "not only … but also", "advances …", "would be cut".
PRAISES = re.compile(
    r"\bnot only\b|^(?:the )?[\w-]+ (?:advances|enriches|exemplifies|paves|fosters|revolutioni[sz]es)\b|"
    r"\b(?:would|may|"
    r"might|could) be\b|\bgenerali[sz]es? to\b|\b(?:serves?|forms?) (?:as )?an?\b|^there (?:is|are) (?:\w+ "
    r")?(?:no|few|little)\b|"
    r"^(?:the )?[\w-]+ (?:is|are) an? (?:general-purpose|popular|widely)\b",
    _I,
)
# Talk about the field at the end of a paper, which is no way of going about it.
TALKS = re.compile(
    r"\b(?:present|show|demonstrate)\w* (?:[\w-]+ )?use cases\b|\b(?:discuss\w*|outlin\w*|perspectives?)\b "
    r"[^.;]{0,60}\b(?:issues?|limitations?|challenges|future|"
    r"directions|implications)\b|\bdiscuss these\b",
    _I,
)
ABLATES = re.compile(r"\bablat\w+", _I)
# What leads in the aim: "to address these issues", "in this paper"; and the way: "specifically".
SETS_OUT = re.compile(r"(?:to (?!be\b|the\b)|in (?:this|our)\b|here\b|for this purpose|toward)")
SPECIFIES = re.compile(r"(?:specifically|concretely|more specifically|in particular|first)\b")
COUNTS_MUCH = re.compile(r"\d,\d{3}\b|\d\s?(?:million|billion)\b")
CONTRAST = re.compile(r"(?:however|nevertheless|yet|still|nonetheless)\b")
ASIDE = re.compile(r"(?:additionally|besides|furthermore|moreover|in addition|finally|lastly|also)\b")
SHOWS = re.compile(
    r"\b(?:work|paper|study|we|authors) (?:\w+ )?(?:shows?|demonstrates?|confirms?|finds?|found|observes?|"
    r"prove|"
    r"reports?)\b",
    _I,
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
BOTH = re.compile(r"\b(?:both|this|these|such)\b", _I)
HELD = re.compile(
    r"^(?:with [^,]{0,40}, )?(?:it|they|(?:the|this|our) (?:\w+ )?(?:data ?set|benchmark|collection|data)|"
    r"(?-i:[A-Z][\w+-]*[A-Z\d][\w+-]*)) (?:also )?(?:holds?|covers?|contains?|comprises?|includes?|"
    r"encompass(?:es)?|consists? of "
    r"\d)",
    _I,
)
ALSO = re.compile(r"\b(?:also|further|additionally)\b", _I)
REFERS = re.compile(r"\b(?:resulting|these|this|such|same) (?:\w+ )?data(?: ?sets?)?\b", _I)
