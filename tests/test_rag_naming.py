"""Names and acronyms of a statement held against its source."""

import pytest

from rag.acronyms import expansions, spelled_out
from rag.naming import name_faults, name_swaps
from rag.terms import plain_name

SOURCE = plain_name(
    "TideNet: tides. We compare TideNet with GPT-4, SAM and R²-Gaussian splatting on magnetic "
    "resonance imaging "
    "from China. Large language models (LLM) and a Conditional Harbour Ocean Tide model ran; "
    "mAP$_{50}$ was 0.9."
)


@pytest.mark.parametrize(
    "name",
    [
        "TideNet", "GPT-4", "SAM", "SAM-based", "LLMs", "LLM-driven", "MRI", "Chinese", "R^2-Gaussian",
            "mAP50",
        "TideNet-SAM", "CHOT",
    ],
)  # fmt: skip
def test_a_name_the_source_uses_in_any_form_is_no_fault(name):
    assert name_faults(f"We see {name} here.", SOURCE) == []


@pytest.mark.parametrize("name", ["WaveGAN", "GPT-3", "TideNet2", "CT", "SAM-Harbor", "CHOP", "Japanese"])
def test_a_name_the_source_does_not_use_is_a_fault(name):
    assert name_faults(f"We see {name} here.", SOURCE) == [f"name {name.lower()} is not in the source"]


def test_short_acronyms_are_not_guessed_from_initials():
    assert spelled_out("ct", "x-ray computed tomography")
    assert not spelled_out("ct", "coastal tides")
    assert spelled_out("chot", "a conditional harbour ocean tide model")
    assert not spelled_out("chot", "conditional harbour. ocean tide")


def test_acronyms_and_their_words_stand_for_each_other():
    assert {"large", "language", "model"} <= expansions(frozenset({"llm"}), "an llm")
    assert "llm" in expansions(frozenset(), "a large language model")
    assert expansions(frozenset({"tid"}), "tides") == frozenset()


def test_names_beside_a_comparison_must_not_change_places():
    window = (
        "With little data the graph network TideNet wins over the adversarial network WaveGAN in murky water."
    )
    assert name_swaps("The graph network TideNet wins over the adversarial WaveGAN.", window) == []
    assert name_swaps("The graph network WaveGAN wins over adversarial murky TideNet.", window) == [
        "names wavegan and tidenet have changed places"
    ]
