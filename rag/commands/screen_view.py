"""Screening in the terminal and as JSON: a record to read, an order, how far reading has got."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rag.commands.output import console, plain

if TYPE_CHECKING:
    from index.types import Paper
    from rag.screening.prisma import Flow
    from rag.screening.running import Ranked, Screening

TARGET = 0.95  # share of the relevant records found at which stopping is proposed


def show_paper(paper: Paper, heading: str) -> None:
    """A record as it is read: title, where it appeared, abstract, links."""
    from rich.text import Text

    from index.cleaning import readable

    out = console()
    out.print(Text(plain(f"{heading} · {paper.id}"), "dim"))
    out.print(Text(plain(readable(paper.title or "(no title)")), "bold"))
    about = [*paper.authors[:3], *(["…"] if len(paper.authors) > 3 else [])]
    about = [", ".join(about), paper.venue or "", str(paper.year or "")]
    if any(about):
        out.print(Text(plain(" · ".join(part for part in about if part)), "dim"))
    out.print(Text("\n" + (plain(readable(paper.abstract)) or "(no abstract)") + "\n"))
    if paper.doi:
        out.print(Text(f"https://doi.org/{plain(paper.doi)}", "dim"))


def show_order(ranked: Sequence[Ranked]) -> None:
    """One paper a line: place, id, year, title."""
    from index.cleaning import readable

    for one in ranked:
        paper = one.paper
        sys.stdout.write(
            f"{one.rank}\t{plain(paper.id)}\t{paper.year or ''}\t{plain(readable(paper.label))}\n"
        )


def order_dict(ranked: Sequence[Ranked], unread: int) -> dict[str, Any]:
    """An order in its public shape."""
    papers = [
        {
            "rank": one.rank, "paper_id": one.paper.id, "title": one.paper.title, "year": one.paper.year,
            "score": round(one.score, 4),
        }
        for one in ranked
    ]  # fmt: skip
    return {"schema": "ibid.screen/1", "unread": unread, "papers": papers}


def status_dict(screening: Screening) -> dict[str, Any]:
    """How far reading has got, in its public shape."""
    state, left = screening.session.state, screening.outlook()
    return {
        "schema": "ibid.screening-status/1",
        "session": state.name,
        "question": state.question,
        "papers": len(state.papers),
        "read": len(state.decisions),
        "unread": sum(i not in state.decisions for i in screening.papers),
        "included": len(state.included),
        "excluded": len(state.excluded),
        "irrelevant_in_a_row": left.irrelevant_run,
        "likely_left": round(left.likely, 1),
        "at_most_left": left.at_most,
        "confidence": left.confidence,
        "recall_at_least": round(left.recall, 3),
        "may_stop": left.reached(TARGET),
        "added_since": len(screening.added_since()),
    }


def show_status(screening: Screening) -> None:
    """The same in sentences."""
    now = status_dict(screening)
    lines = [
        f"session {now['session']}: {now['read']} of {now['papers']} read, {now['included']} included, "
        f"{now['excluded']} excluded, {now['unread']} unread",
        stopping_hint(screening),
    ]
    if now["question"]:
        lines.insert(1, f"question: {plain(now['question'])}")
    sys.stdout.write("\n".join(lines) + "\n")
    if now["added_since"]:
        sys.stderr.write(
            f"ibid: the library has {now['added_since']} papers that the session does not cover; "
            f"`ibid screen extend -s {now['session']}` takes them up\n"
        )


def stopping_hint(screening: Screening) -> str:
    """What is likely left, and what that says about stopping."""
    state, left = screening.session.state, screening.outlook()
    if not any(i not in state.decisions for i in screening.papers):
        return "every paper is read"
    if not state.included:
        return "no relevant paper found yet, so nothing can be said about what is left"
    found = (
        f"{left.irrelevant_run} irrelevant in a row; about {left.likely:.0f} relevant likely unread, at most "
        f"{left.at_most} ({left.confidence:.0%} confidence), so at least {left.recall:.0%} are found"
    )
    if left.reached(TARGET):
        return f"{found}: you may stop if {TARGET:.0%} is enough"
    return f"{found}: read on for {TARGET:.0%}"


def show_flow(flow: Flow) -> None:
    """The counts of the flow, one a line."""
    texts = flow.full_texts
    rows = [
        ("records identified", flow.identified), ("duplicates removed", flow.duplicates),
        ("not screened", flow.not_screened), ("screened", flow.screened), ("excluded", flow.excluded),
        ("reports sought", flow.sought), ("not retrieved", texts.not_retrieved),
        ("assessed", flow.assessed), ("reports excluded", texts.excluded),
        ("studies included", texts.studies),
    ]  # fmt: skip
    for name, count in rows:
        sys.stdout.write(f"{name:>20}  {'not told' if count is None else count}\n")
