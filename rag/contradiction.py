"""Where a claim has nearly the wording of a sentence, a plain disagreement decides against it.

The learned stance weighs many weak signs; this rule holds the strong ones: another number, changed
places, a contrary word, something denied on one side alone. On held-out claims with this much of
their wording in the sentence, four of five so caught are refuted.
"""

from __future__ import annotations

from collections.abc import Callable

from rag.comparison import order_faults
from rag.contraries import contrary_stems
from rag.figures import number_faults
from rag.polarity import negation_faults
from rag.terms import content_stems, numbers

NEAR = 0.75  # rarity-weighted share of the claim's words that sentence and title hold


def contradicts(claim: str, sentence: str, rarity: Callable[[str], float]) -> bool:
    """Whether a sentence of nearly the same wording says otherwise than the claim."""
    mine, theirs = frozenset(content_stems(claim)), frozenset(content_stems(sentence))
    if any(contrary_stems(s) & theirs - mine for s in mine - theirs):
        return True
    if negation_faults(claim, [sentence], rarity) or order_faults(claim, [sentence], rarity):
        return True
    return _other_number(claim, sentence)


def _other_number(claim: str, sentence: str) -> bool:
    """Whether a number of the claim stands as another one, of the same unit, or in another's place."""
    if any("changed places" in fault for fault in number_faults(claim, sentence)):
        return True
    held, said = numbers(sentence), numbers(claim)
    values = {n.value for n in held}
    mine = {n.value for n in said}
    return any(
        n.value not in values and any(h.unit == n.unit and h.value not in mine for h in held) for n in said
    )
