r"""A review as a LaTeX article that pdflatex, xelatex and lualatex compile with the bibliography beside it.

Only packages of every TeX installation are used. What TeX acts on is escaped; signs that pdflatex does
not know by itself are declared in the preamble, as far as the review and its bibliography use them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

from index.cleaning import readable
from index.latex import to_latex
from rag.export.table import write as write_papers
from rag.review.document import Cell, Paragraph, Review, ReviewStatement, walk
from rag.review.markdown import NOT_STATED, TABLE, split_end

_LEVELS = ("section", "subsection", "subsubsection")
_GREEK = dict(
    zip("αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ",
        "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
        "upsilon varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega".split(),
        strict=True)
)  # fmt: skip
_MATHS: Mapping[str, str] = {
    **{sign: rf"\ensuremath{{\{name}}}" for sign, name in _GREEK.items()},
    "±": r"\ensuremath{\pm}", "×": r"\ensuremath{\times}", "≤": r"\ensuremath{\le}", "≥": r"\ensuremath{\ge}",
    "≈": r"\ensuremath{\approx}", "≠": r"\ensuremath{\neq}", "→": r"\ensuremath{\to}",
    "←": r"\ensuremath{\leftarrow}", "↑": r"\ensuremath{\uparrow}", "↓": r"\ensuremath{\downarrow}",
    "∞": r"\ensuremath{\infty}", "∈": r"\ensuremath{\in}", "∼": r"\ensuremath{\sim}", "−": r"\ensuremath{-}",
    "∑": r"\ensuremath{\sum}", "√": r"\ensuremath{\surd}", "≪": r"\ensuremath{\ll}", "≫": r"\ensuremath{\gg}",
    "⁰": r"\textsuperscript{0}", "⁴": r"\textsuperscript{4}", "⁵": r"\textsuperscript{5}",
    "⁶": r"\textsuperscript{6}", "⁷": r"\textsuperscript{7}", "⁸": r"\textsuperscript{8}",
    "⁹": r"\textsuperscript{9}", "⁺": r"\textsuperscript{+}", "⁻": r"\textsuperscript{-}",
    "ⁿ": r"\textsuperscript{n}", "′": r"\ensuremath{'}", "‑": "-", "\u2009": r"\,", "\u202f": r"\,",
    "‐": "-", "\u200b": "",
}  # fmt: skip
_KNOWN = frozenset("–—‘’“”„…•°§¶©®™†‡«»¡¿·¹²³¼½¾µ€£¥¢")  # T1 and textcomp have these
_PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[utf8]{inputenc}
  \usepackage[T1]{fontenc}
%s\else
  \usepackage{fontspec}
\fi
\usepackage[a4paper,margin=2.5cm]{geometry}
\usepackage{longtable}
\usepackage{pdflscape}
\usepackage{array}
\usepackage[hidelinks]{hyperref}
\sloppy
\title{%s}
\date{}
\begin{document}
\maketitle
"""


def write_latex(review: Review, bib: str | None = None) -> str:
    """The whole review. :param bib: the file name of its bibliography."""
    body = "".join([*_body(review), *_table(review), *_end(bib or "references.bib")])
    title = to_latex(review.title)
    used = body + title + "".join(write_papers(review.references, "bibtex"))
    return _PREAMBLE % ("".join(_declared(used)), title) + body


def _declared(text: str) -> Iterator[str]:
    """A declaration for each sign that pdflatex would stop at."""
    for sign in sorted(set(text)):
        if sign.isascii() or sign in _KNOWN or _composed(sign):
            continue
        shown = _MATHS.get(sign)
        if shown is None:
            letters = "".join(c for c in unicodedata.normalize("NFKD", sign) if c.isascii() and c.isalnum())
            shown = letters or f"[U+{ord(sign):04X}]"
        yield f"  \\DeclareUnicodeCharacter{{{ord(sign):04X}}}{{{shown}}}\n"


def _composed(sign: str) -> bool:
    """Whether it is a Latin letter that T1 has, with or without an accent."""
    return 0x00C0 <= ord(sign) <= 0x017F and sign not in "×÷"


def _body(review: Review) -> Iterator[str]:
    yield f"\n{_paragraph(review, review.scope)}\n"
    for level, section in walk(review.sections):
        command = _LEVELS[min(level, len(_LEVELS)) - 1]
        yield f"\n\\{command}{{{to_latex(section.heading)}}}\n"
        for paragraph in section.paragraphs:
            yield f"\n{_paragraph(review, paragraph)}\n"


def _paragraph(review: Review, paragraph: Paragraph) -> str:
    return "\n".join(_cited(review, s) for s in paragraph)


def _cited(review: Review, statement: ReviewStatement) -> str:
    if not statement.cited:
        return _text(statement.text)
    text, end = split_end(statement.text)
    return f"{_text(text)}~\\cite{{{','.join(review.keys[i] for i in statement.cited)}}}{_text(end)}"


def _table(review: Review) -> Iterator[str]:
    if not review.table.rows:
        return
    columns = ("Paper", *review.table.columns)
    width = f"{0.92 / len(columns):.3f}"
    form = rf">{{\raggedright\arraybackslash}}p{{{width}\linewidth}}" * len(columns)
    head = " & ".join(rf"\textbf{{{to_latex(c)}}}" for c in columns)
    yield f"\n\\begin{{landscape}}\n\\section*{{{to_latex(TABLE)}}}\n\\footnotesize\n"
    yield f"\\begin{{longtable}}{{{form}}}\n\\hline\n{head} \\\\\n\\hline\n\\endhead\n"
    for row in review.table.rows:
        paper = review.papers[row.paper_id]
        year = f" ({paper.year})" if paper.year else ""
        first = rf"{_text(readable(paper.label))}{year}~\cite{{{review.keys[paper.id]}}}"
        yield " & ".join([first, *map(_cell, row.cells)]) + " \\\\\n\\hline\n"
    yield "\\end{longtable}\n\\end{landscape}\n"


def _cell(cell: Cell | None) -> str:
    return _text(cell.text) if cell else rf"\emph{{{NOT_STATED}}}"


def _end(bib: str) -> Iterator[str]:
    name = bib.removesuffix(".bib")
    yield f"\n\\bibliographystyle{{unsrt}}\n\\bibliography{{{name}}}\n\\end{{document}}\n"


def _text(text: str) -> str:
    """Text of one line; a bracket at its start would be an argument of what stands before."""
    escaped = to_latex(" ".join(text.split())).replace('"', "''")
    return f"{{}}{escaped}" if escaped.startswith("[") else escaped
