"""The wording by which sentences of abstracts are told apart: aims, ways, findings, data, limits.

Only patterns, each named by what a sentence does that holds it; `rag.compare.features` reads them.
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
    r"which|that|(?:is|are|was|were|been) (?:\w+ly )?\w+ed)\b",
    _I,
)
MEANS = re.compile(
    r"\b(?:approach|framework|methods?|models?|pipeline|technique|benchmark|survey|review|learning|scaling|"
    r"propos\w*|devis\w*|test\w*|evaluat\w+|assess\w*|compar(?:es?|ed|ing|ison)|analy[sz]\w*|experiment\w*|"
    r"modif\w+|measur\w+|examin\w*)\b",
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
    r"well|better|best|robustly)|(?:receiv|obtain|got|scor)\w* the (?:\w+ )?(?:lowest|highest|best|"
    r"worst)|readily|transfers? well|best[,.;]|reports? "
    r"(?:\w+ )?(?:improvement|state|better|superior)\w*|did well|better at|st(?:ood|ands) out|(?:effects|"
    r"results) varied|prov(?:e|es|ed|en) (?:to be (?:\w+ )?)?(?:significant|effective|useful|superior|"
    r"sufficient)|state[- ]of[- "
    r"]the[- ]art (?:performance|results|accuracy)|falls? (?:below|short)|leads (?:in|the|all)|equals|"
    r"competitive|"
    r"exhibit\w*|correctly \w+s|underlin\w+|results (?:approach|match|exceed|surpass|are)|correlat\w*|"
    r"associated with|come within|comes? close|close to|(?:is|are) (?:substantial|superior|effective|"
    r"state[- ]of[- ]the[- ]art)|ranked (?:\d+(?:st|nd|rd|th)?|first|second|third|highest|top|among|as)|"
    r"won|did best|best "
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
    r"(?:data|labels|annotations|samples|images|parameters))|\b\d+(?:\.\d+)?x\b|\bby (?:[\w-]+ ){0,5}\d+"
    r"(?:\.\d+)?\b",
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
    r"\b(?:will|hope|future|promising(?! results)|potential(?:ly)?|aims?|could|can (?:help|serve|be)|"
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
LIMIT = re.compile(
    r"\b(?:confounded by|despite the (?:lack|absence|small|limited)|(?:small|limited) sample size|"
    r"limitations? (?:of (?:this|the|our)|include|are|is)|(?:this|our) (?:study|work|review) (?:is|"
    r"was) limited|(?:further|future|larger|more|additional) (?:[\w-]+,? ){0,6}?(?:research|work|"
    r"stud(?:y|ies)|"
    r"validation|investigations?|improvements?|evaluations?|testing|trials|experiments|analys[ei]s)\b.{0,100}\b"
    r"(?:need|requir|necess|warrant|must|should|remain|crucial|essential)\w*|need(?:s|ed)? (?:for "
    r")?(?:further|more) (?:model )?(?:research|work|studies|validation|optimi[sz]ation|refinement|"
    r"improvement)|(?:validation|research|work|studies) "
    r".{0,30}(?:still |is |are )needed|still (?:needed|lack\w*|struggl\w*|fall\w*|lag\w*|fail\w*|far)|"
    r"fall(?:s|ing)? short|struggl\w*|underperform\w*|(?:does|did|do) not (?:\w+ )?(?:improve|"
    r"generali[sz]e|reach|match|help|outperform|guarantee|always)|performance (?:was|is) (?:lower|worse|"
    r"poor)|perform(?:s|ed|ing)? (?:rather |very )?(?:poorly|worse)|far from|lag\w* behind|degrad(?:es?|"
    r"ed)(?! more "
    r"gracefully)|(?:improvements?|"
    r"enhancements?|refinements?|validations?|research|work|studies) [^.;]{0,60}(?:needed|required|necessary|"
    r"warranted|imperative)|prov(?:e|es|ed) "
    r"(?:harder|difficult|challenging)|lowers? the (?:score|accuracy|performance)|do(?:es)? poorly|did "
    r"poorly|not (?:yet )?(?:sufficient|suitable|ready|reliable)|fail(?:s|ed)? to|(?:is|are|remain\w*|was|"
    r"were|accuracy) insufficient|insufficient for|(?:is|are|remains?) (?:an? )?(?:\w+ )?limitations?\b|"
    r"still (?:\w+ )?(?:challenging|difficult|hard|open)\b|(?:accuracy|performance|agreement|"
    r"recall)[^.;]{0,30} remains? "
    r"(?:low|poor)|remains? (?:difficult|challenging)|(?:place|"
    r"room|areas?) for improvement|remains? (?:to be|a challeng|challeng|limited|open|unclear|difficult|"
    r"unsolved|insufficient)\w*|(?:key|main|major|a) bottleneck\b(?! (?:position|layer))|at the (?:cost|"
    r"expense) of (?:[\w-]+ ){0,3}(?:accuracy|speed|performance|memory|comput\w+|time|latency|quality|"
    r"precision|"
    r"recall|specificity|sensitivity|generali[sz]\w+|inference|training|complexity|resolution|privacy|"
    r"fluency|diversity)|(?:hinder|harm|hurt|impair)s? (?:[\w'-]+ ){0,3}?(?:performance|accuracy|results)|"
    r"(?:reveal|show|expos|find|found|uncover|highlight)\w* [^.;]{0,60}?\b(?:(?:substantial|significant|"
    r"large|notable|considerable|persistent|critical|clear|stark) (?:performance |capability )?(?:gaps?|"
    r"disparit\w+|deficit\w*|weakness\w*|shortcomings?)|spurious correlations?))\b",
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
    r"\b(?:conclud\w*|caution\w*|sees? (?:opportunit|potential)\w*|possible uses|ways forward|"
    r"implications|future "
    r"(?:research )?directions|should|suggests? that|foresee|according to the authors|draws attention|"
    r"stress(?:es)?|highlight\w*|underscor\w*)\b",
    _I,
)
PRESENTS = re.compile(r"\b(?:we|paper|study) (?:\w+ )?(?:propos|introduc|present|develop)\w*", _I)
OUTCOME = re.compile(r"(?:results?|experiments?|evaluations?|findings?|analys|tests|studies|ablations)", _I)
# A way of going about it is put forward by its name: "we introduce a fusion module".
PUTS = re.compile(
    r"\b(?:propos|introduc|present|develop|design|devis|employ|adopt|appl|us)\w* [^.;]{0,60}\b(?:method|"
    r"approach|design|mechanism|strateg(?:y|ies)|module|network|architecture|pipeline|framework|loss|"
    r"algorithm|encoder|schema|scheme|sampler|technique|transformer|learning|procedure|paradigm|objective|"
    r"tokens?|prompts?|block|head|layer|kernel|protocol|score|metric|estimator|prior|"
    r"regulari[sz]\w+|adapter|agent)s?\b",
    _I,
)
TRIES = re.compile(
    r"\b(?:applied to an? (?:\w+ )?(?:data ?set|cohort)|experiments?|evaluat\w+|empirical|ablation|"
    r"metrics?|compared with|tested (?:on|by|with)|"
    r"validat\w+)\b",
    _I,
)
GIVES_AWAY = re.compile(
    r"\b(?:releas|publish)\w*\b[^.;]{0,60}\b(?:data ?sets?|data|weights)\b|\bpublicly available\b|"
    r"\bunder an? [\w ]{0,20}licen[sc]e",
    _I,
)
AIMS = re.compile(
    r"\b(?:paper|work|study|survey|review|article|we|authors|thrust|project)\b [^.;]{0,20}?\baims? (?:to|"
    r"at)\b|\b(?:aim|goal|objective|purpose|focus|thrust) of (?:this|the|our)\b|\bour (?:aim|goal|"
    r"objective) is\b",
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
    r"directions|implications)\b|\bdiscuss these\b|\b(?:philosophy|rationale)\b|\bsummari[sz]\w* (?:the "
    r"|our )?"
    r"(?:main |key )?(?:findings|results)|\bconclude by\b|\bfeatures? an? (?:\w+ )?discussion\b|"
    r"\bpresent\w* (?:[\w-]+ )?(?:analys[ie]s|experiments)\b|\bprovide an? (?:\w+ )?description\b",
    _I,
)
ABLATES = re.compile(r"\bablat\w+", _I)
# "The model was evaluated on": of a work that was made before.
JUDGED = re.compile(
    r"^(?:[\w-]+ ){1,6}?(?:was|were|is|are|has been|have been) (?:\w+ly )?(?:evaluated|validated|tested|"
    r"benchmarked|assessed)\b",
    _I,
)
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
BOTH = re.compile(r"\b(?:both|this|these|such)\b", _I)
HELD = re.compile(
    r"^(?:with [^,]{0,40}, )?(?:it|they|(?:the|this|our) (?:\w+ )?(?:data ?set|benchmark|collection|data)|"
    r"(?-i:[A-Z][\w+-]*[A-Z\d][\w+-]*)) (?:also )?(?:holds?|covers?|contains?|comprises?|includes?|"
    r"encompass(?:es)?|consists? of "
    r"\d)",
    _I,
)
ALSO = re.compile(r"\b(?:also|further|additionally)\b", _I)
# "In total, there are 96 eyes": what is there, not how it was gone about.
THERE = re.compile(r"\b(?:in total|there (?:is|are|was|were))\b|^it is\b", _I)
# "We preliminarily explore", "we first review": by the way.
BY_THE_WAY = re.compile(
    r"\b(?:preliminar\w+|explore the (?:potential|concept)|seek to address|first (?:review|survey|"
    r"discuss|summari[sz]e)|as well as provide)",
    _I,
)
MAKES = re.compile(
    r"\b(?:we|paper|authors?|work|study)\b[^.;:]{0,25}?\b(?:propos|introduc|present|develop)\w*", _I
)
# "This review provides …": a survey says what it is about.
THIS_SURVEY = re.compile(r"^(?:this|the|our) (?:[\w-]+ ){0,3}(?:survey|review|overview|tutorial)\b", _I)
LEFT = re.compile(r"\b(?:place|room|areas?) for improvement\b", _I)
# "In order to evaluate it, we propose three scores": how it was tried, not how it works.
TO_TRY = re.compile(r"^(?:in order )?to (?:evaluate|assess|validate|measure|benchmark)\b", _I)
# "We test nets and find that …": an aim that goes on to what came out.
AND_FINDS = re.compile(r"\band (?:find|found|show|discover|demonstrate|observe)\w*\b", _I)
