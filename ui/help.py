"""The Help tab: what the badges mean, what the keys do, what stays on this computer."""

_KEYS = [
    ("/", "go to the question, the sentence or the search, by tab"),
    ("Enter", "ask; Shift and Enter begins a new line"),
    ("Esc", "stop the answer; close a record"),
    ("j, k", "next, previous source or paper"),
    ("r, i, n, u", "while screening: relevant, irrelevant, later, undo"),
    ("?", "this help"),
]
_KEY_ROWS = "".join(f"<div><dt><kbd>{key}</kbd></dt><dd>{what}</dd></div>" for key, what in _KEYS)

HELP = (
    '<div class="help">'
    '<h2 class="column-head">Reading an answer</h2>'
    "<p>Each sentence ends with the numbers of the papers it rests on. Choose a number, by mouse or "
    "with Enter, and its paper comes into view on the right with the deciding sentence marked.</p>"
    '<p class="outcome answered"><span class="badge">Answered</span>'
    "<span>The papers answer the question; each sentence was checked against what it cites.</span></p>"
    '<p class="outcome partial"><span class="badge">Partly answered</span>'
    "<span>The papers answer part of it, or support some sentences only in part; those are marked.</span></p>"
    '<p class="outcome insufficient"><span class="badge">Not in this library</span>'
    "<span>The papers do not say. Ibid claims nothing and names the nearest papers instead.</span></p>"
    '<h2 class="column-head">Keys</h2>'
    f'<dl class="keys">{_KEY_ROWS}</dl>'
    '<h2 class="column-head">What stays here</h2>'
    "<p>Everything: papers, questions and answers never leave this computer, and the page loads nothing from "
    "elsewhere. Links to a DOI or to arXiv open only when you follow them.</p></div>"
)
