"""A report of what was searched, put right after a person decided which papers the review is to have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rag.review.collect import Considered, Coverage

TAKEN_BY_HAND, LEFT_BY_HAND = "asked for", "left out by hand"


def with_ticks(
    coverage: Coverage, ids: Iterable[str], standings: Mapping[str, float] | None = None
) -> Coverage:
    """The report as if it had ended with the papers `ids`; what a person changed says so.

    :param standings: of papers that no query brought up, by id.
    """
    wanted = dict.fromkeys(ids)
    considered = tuple(_decided(c, c.paper_id in wanted) for c in coverage.considered)
    met = {c.paper_id for c in considered}
    added = tuple(
        Considered(i, True, TAKEN_BY_HAND, 0, (standings or {}).get(i, 0.0)) for i in wanted if i not in met
    )
    return replace(coverage, considered=(*considered, *added))


def _decided(one: Considered, taken: bool) -> Considered:
    if one.taken == taken:
        return one
    return replace(one, taken=taken, why=TAKEN_BY_HAND if taken else LEFT_BY_HAND)
