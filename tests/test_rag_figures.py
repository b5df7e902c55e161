"""Numbers of a statement held against the sentences it draws on."""

import pytest

from rag.figures import number_faults

WINDOW = (
    "It was trained on 12,400 images from 31 sites. It reaches 0.91 on giant kelp and 0.84 on bull kelp. "
    "Time fell from 9 hours to 70 minutes. Two modules are joined, an encoder and a decoder, at 40% "
    "less cost. "
    "Scores of 5.1, 6.2 and 7.3 points were found for cod, eel and ray, respectively."
)
CASES = {
    "as it stands": ("It was trained on 12,400 images.", []),
    "other spelling": ("It was trained on 12.4k images.", []),
    "spelled out": ("Thirty-one sites gave images.", []),
    "unit may be left out": ("It costs 40 less.", []),
    "a two that is listed": ("It joins two parts.", []),
    "an ordinal is no count": ("The second part decodes kelp.", []),
    "shared unit": ("Scores of 5.1 points were found for cod.", []),
    "respectively tells no order": ("Eel reached 6.2 points and ray 7.3 points.", []),
    "changed": ("It was trained on 12,500 images.", ["number 12,500 is not in the source"]),
    "wrong unit": ("Time fell to 70 hours.", ["number 70 hours is not in the source"]),
    "percent for points": ("Cod reached 5.1%.", ["number 5.1% is not in the source"]),
    "count of another thing": ("It was trained on 31 images.", ["number 31 counts something else"]),
    "far from its words": ("A whale of 0.84 metres swam.", ["number 0.84 counts something else"]),
    "swapped": (
        "It scores 0.84 on giant and 0.91 on bull kelp.",
        ["numbers 0.84 and 0.91 have changed places"],
    ),
}


@pytest.mark.parametrize(("text", "faults"), CASES.values(), ids=CASES.keys())
def test_numbers_must_count_what_they_count_in_the_source(text, faults):
    assert number_faults(text, WINDOW) == faults


def test_from_a_to_b_is_not_from_b_to_a():
    window = "The error fell from 9.4 cm in winter to 6.2 cm in summer."
    assert number_faults("The error went from 9.4 cm to 6.2 cm.", window) == []
    assert number_faults("The error went from 6.2 cm to 9.4 cm.", window) == [
        "numbers 6.2 cm and 9.4 cm have changed places"
    ]
