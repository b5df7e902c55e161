"""LaTeX with the cite family of natbib and biblatex, in one file or several. Nothing is run.

Mathematics set apart, tables, figures and listings are no prose; what they cite is kept as loose
citations. Sentences of files that are drawn in name their file.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import replace

from index.latex import to_plain
from index.readers.textfile import TextFile
from rag.audit.draft import Cite, Draft, DraftSentence, Entry, Gathered, Notes
from rag.audit.latex_files import Drawn, draw_in
from rag.audit.prose import Lines, Prose

_NOTES = r"(?:\s*(?:\([^()]*\)|<[^<>]*>)){0,2}(?:\s*\[(?:[^\[\]{}]|\{[^{}]*\})*\]){0,2}\s*"
_KEYS = r"\{[^{}]*\}"
_CITES = re.compile(
    rf"\\(?:(?P<volume>[A-Za-z]*volcite)\*?{_NOTES}{_KEYS}{_NOTES}(?P<of>{_KEYS})"
    rf"|(?P<many>[A-Za-z]*[cC]ites)\*?(?P<lists>(?:{_NOTES}{_KEYS})+)"
    rf"|(?P<one>[A-Za-z]*[cC]ite[A-Za-z]*)\*?{_NOTES}(?P<list>{_KEYS}))"
)
_NOT_CITES = frozenset(
    "citestyle citesetup citereset bibcite newcite citename citefield citelist citealias citetrackertrue "
    "DeclareCiteCommand defcitealias setcitestyle citeindextrue AtEveryCite citetext".split()
)
_SKIPPED = (
    "equation align alignat gather multline eqnarray displaymath math figure wrapfigure table wraptable "
    "longtable tabular tabularx tabulary sidewaystable algorithm algorithmic tikzpicture array "
    "thebibliography"
).split()
_BEGIN = re.compile(rf"\\begin\s*\{{({'|'.join(_SKIPPED)})(\*?)\}}")
_DROPPED = (  # commands whose argument is no prose
    "label ref eqref autoref cref Cref pageref nameref vspace hspace includegraphics bibliographystyle "
    "documentclass usepackage input include subfile includeonly import subimport inputfrom includefrom "
    "thanks pagestyle thispagestyle setlength "
    "newcommand renewcommand def bibliography addbibresource hypersetup graphicspath index gls Gls acrshort "
    "glspl date author affiliation affil email institute keywords acknowledgments"
).split()
_HEADINGS = (
    "part chapter section subsection subsubsection paragraph subparagraph title caption subtitle".split()
)
_TOKEN = re.compile(
    rf"(?P<cite>{_CITES.pattern})"
    r"|(?P<begin>\\begin\s*\{[^{}]*\}(?:\[[^\[\]]*\])?)|(?P<end>\\end\s*\{[^{}]*\})"
    r"|(?P<display>\$\$|\\\[)"
    rf"|(?P<heading>\\(?:{'|'.join(_HEADINGS)})\*?\s*(?:\[[^\[\]]*\])?\s*(?=\{{))"
    r"|(?P<foot>\\(?:footnote|footnotetext|marginpar)\s*(?:\[[^\[\]]*\])?\s*(?=\{))"
    rf"|(?P<dropped>\\(?:{'|'.join(_DROPPED)})(?![A-Za-z])\*?(?:\s*\[[^\[\]]*\])*(?:\s*\{{[^{{}}]*\}})*)"
    r"|(?P<item>\\item\b(?:\s*\[[^\[\]]*\])?|\\par\b|\\\\(?:\[[^\[\]]*\])?|\n[ \t]*\n\s*|\\maketitle\b)"
    r"|(?P<escape>\\[%&_#$])|(?P<accent>\\['`^\"~=.cvuHkr](?:\{\\?[A-Za-z]\}|\s?\\?[A-Za-z](?![A-Za-z])))"
    r"|(?P<command>\\(?P<word>[A-Za-z]+)\*?(?:\[[^\[\]]*\])?[ \t]*|\\[,;:! \\/@-])"
    r"|(?P<blank>~|[ \t]*\n[ \t]*)|(?P<brace>[{}])|(?P<dash>-{2,3})|(?P<quote>``|'')",
    re.DOTALL,
)
_BIB = re.compile(
    r"\\(?:(?:no)?bibliography|add(?:bibresource|globalbib|sectionbib)(?:\[[^\[\]]*\])?)\s*\{(?P<files>[^{}]*)\}"
)
_BIBITEM = re.compile(
    r"\\bibitem\s*(?:\[(?:[^\[\]{}]|\{[^{}]*\})*\])?\s*\{(?P<key>[^{}]*)\}"
    r"(?P<text>.*?)(?=\\bibitem|\\end\s*\{thebib|\Z)",
    re.DOTALL,
)
_SYMBOLS = {"ldots": "…", "dots": "…", "LaTeX": "LaTeX", "TeX": "TeX", "ss": "ß", "textendash": "–",
            "textemdash": "—", "pm": "±", "times": "×", "textpm": "±", "quad": " ",
            "newline": " "}  # fmt: skip


def read(file: TextFile) -> Draft:
    """The draft in a LaTeX file and in those that it draws in."""
    found = Gathered()
    whole = draw_in(file, found)
    found.files += whole.files
    for m in _BIB.finditer(whole.masked):
        names = [name.strip() for name in m.group("files").split(",") if name.strip()]
        found.bibliographies += [n if re.search(r"\.\w+$", n) else f"{n}.bib" for n in names]
    for m in _BIBITEM.finditer(whole.masked):
        text = " ".join(to_plain(re.sub(r"\\newblock\b", " ", m.group("text"))).split())
        at = m.start()
        found.entries.append(Entry(m.group("key").strip(), whole(at), text, path=whole.path(at)))
    start, stop = _body(whole.masked, found, whole)
    prose = Prose(whole.masked, lines=whole)
    _Scanner(whole, prose, found).scan(start, stop)
    sentences = sorted(prose.sentences, key=lambda s: s.start)
    return found.draft(file.path, "latex", [_placed(s, whole) for s in sentences])


def _placed(sentence: DraftSentence, whole: Drawn) -> DraftSentence:
    """With offsets into its own file; one that ends in another file counts as long as it is."""
    start, last = whole.local(sentence.start), max(sentence.start, sentence.end - 1)
    same = whole.path(last) == sentence.path
    end = whole.local(last) + 1 if same else start + sentence.end - sentence.start
    return replace(sentence, start=start, end=end)


def _body(masked: str, found: Gathered, where: Drawn) -> tuple[int, int]:
    begin = re.search(r"\\begin\s*\{document\}", masked)
    end = re.compile(r"\\end\s*\{document\}").search(masked, begin.end() if begin else 0)
    if begin and not end:
        at = begin.start()
        why = "\\begin{document} is never closed; read to the end of the file"
        found.problem(where(at), why, where.path(at))
    return begin.end() if begin else 0, end.start() if end else len(masked)


class _Scanner:
    """Walks the whole text once and hands prose over."""

    def __init__(self, whole: Drawn, prose: Prose, found: Gathered) -> None:
        self._masked, self._prose, self._found, self._where = whole.masked, prose, found, whole
        self._asides: deque[tuple[int, int]] = deque()
        self._pairs = _pairs(whole.masked, 0, len(whole.masked))
        self._missing: set[str] = set()  # ends that do not come any more

    def scan(self, start: int, stop: int) -> None:
        """Read a span as prose, and then the footnotes in it, each a paragraph of its own."""
        self._asides.append((start, stop))
        while self._asides:
            at, stop = self._asides.popleft()
            while at < stop:
                m = _TOKEN.search(self._masked, at, stop)
                self._prose.take(at, m.start() if m else stop)
                if not m:
                    break
                at = self._token(m, stop)
            self._close()

    def _close(self) -> None:
        self._found.loose += self._prose.end()

    def _token(self, m: re.Match[str], stop: int) -> int:
        """Deal with one token; returns where to go on."""
        kind = next(k for k in _KINDS if m.group(k) is not None)
        if kind == "cite":
            self._cite(m)
        elif kind == "display":
            self._prose.put(" ", m.start())
            end = self._find("$$" if m.group() == "$$" else "\\]", m.end(), stop)
            return m.end() if end < 0 else end + 2
        elif kind == "begin":
            return self._environment(m, stop)
        elif kind in ("heading", "foot"):
            return self._argument(m, kind, stop)
        elif kind in ("end", "item"):
            self._close()
            self._prose.put(" ", m.start())
        elif kind == "escape":
            self._prose.put(m.group()[1:], m.start())
        elif kind == "accent":
            self._prose.put(to_plain(m.group()), m.start())
        elif kind == "command":
            self._command(m)
        elif kind in _INSTEAD:
            self._prose.put(_INSTEAD[kind](m.group()), m.start())
        return m.end()

    def _command(self, m: re.Match[str]) -> None:
        word = m.group("word")
        if word is None:
            self._prose.put("" if m.group() in ("\\!", "\\/", "\\-", "\\@") else " ", m.start())
        elif word in _SYMBOLS or re.fullmatch(r"alpha|beta|gamma|delta|kappa|mu|sim|leq?|geq?|approx", word):
            self._prose.put(_SYMBOLS.get(word, "") or to_plain(f"\\{word}"), m.start())
        elif re.search(r"[cC]ite", word) and word not in _NOT_CITES:
            self._problem(m.start(), f"\\{word} without a closed list of keys; left out")

    def _problem(self, at: int, why: str) -> None:
        self._found.problem(self._where(at), why, self._where.path(at))

    def _find(self, ending: str, at: int, stop: int) -> int:
        """Where an ending comes next, or -1; what did not come once is not looked for again."""
        if ending in self._missing:
            return -1
        found = self._masked.find(ending, at)
        if found < 0:
            self._missing.add(ending)
        return found if found < stop else -1

    def _cite(self, m: re.Match[str]) -> None:
        name, keys = _cited(m)
        if name == "nocite":
            self._found.all_used |= "*" in keys
            self._found.loose += self._loose([k for k in keys if k != "*"], m.start())
        elif name not in _NOT_CITES:
            self._prose.cite(keys, m.start(), m.end())

    def _loose(self, keys: list[str], at: int) -> list[Cite]:
        line, path = self._where(at), self._where.path(at)
        return [Cite(key, line, path=path) for key in dict.fromkeys(keys)]

    def _cites_within(self, start: int, stop: int) -> None:
        """Keep what is cited where there is no prose."""
        for m in _CITES.finditer(self._masked, start, stop):
            name, keys = _cited(m)
            if name not in _NOT_CITES:
                self._found.loose += self._loose(keys, m.start())

    def _environment(self, m: re.Match[str], stop: int) -> int:
        """Skip what is no prose, but keep what it cites; an environment of prose opens a paragraph."""
        begin = _BEGIN.match(m.group())
        self._close()
        if not begin:
            return m.end()
        end = self._find(f"\\end{{{begin.group(1)}{begin.group(2)}}}", m.end(), stop)
        if end < 0:
            self._problem(m.start(), f"{begin.group()} is never closed; what follows was read as text")
            return m.end()
        if begin.group(1) != "thebibliography":
            self._cites_within(m.end(), end)
        return end

    def _argument(self, m: re.Match[str], kind: str, stop: int) -> int:
        """A heading, which is no prose, or a footnote, which is prose of its own."""
        end = self._pairs.get(m.end(), stop)
        if end >= stop:
            self._problem(m.start(), f"{m.group().strip()} is never closed")
            return m.end()
        if kind == "foot":
            self._asides.append((m.end() + 1, end))
            return end + 1
        self._close()
        self._cites_within(m.end(), end)
        return end + 1


def _cited(m: re.Match[str]) -> tuple[str, list[str]]:
    """The command and its keys; of a volume's, the volume is none."""
    name = m.group("volume") or m.group("many") or m.group("one")
    lists = m.group("of") or m.group("list") or re.sub(_NOTES + r"(?=\{)", "", m.group("lists"))
    return name, [k for key in re.findall(r"[^{},]+", lists) if (k := key.strip())]


_KINDS = (
    "cite", "begin", "end", "display", "heading", "foot", "dropped", "item", "escape", "accent", "command",
    "blank", "brace", "dash", "quote",
)  # fmt: skip
_INSTEAD = {
    "blank": lambda _: " ",
    "dash": lambda text: "–" if len(text) == 2 else "—",
    "quote": lambda text: "“" if text == "``" else "”",
}


def _pairs(text: str, start: int, stop: int) -> dict[int, int]:
    """Where the brace that opens at an offset is closed, for all that are, in one walk."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for m in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, start, stop):
        if m.group() == "{":
            opened.append(m.start())
        elif m.group() == "}" and opened:
            found[opened.pop()] = m.start()
    return found


def annotate(source: str, draft: Draft, notes: Notes) -> str:
    """The LaTeX with a comment line above the line in which each sentence with a note begins."""
    where, parts, at = Lines(source), [], 0
    for n, sentence in sorted(enumerate(draft.sentences), key=lambda pair: pair[1].start):
        if n in notes:
            start = where.start(sentence.start)
            parts += [source[at:start], f"% ibid: {notes[n]}\n"]
            at = start
    return "".join([*parts, source[at:]])
