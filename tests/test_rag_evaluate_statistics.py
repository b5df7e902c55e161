"""Samples: percentiles, intervals, the randomisation test and the risk-coverage curve, worked out by hand."""

import pytest

from rag.evaluate.calibration import auroc, calibration_error, reliability
from rag.evaluate.coverage import risk_coverage
from rag.evaluate.statistics import bootstrap_interval, mean, percentile, randomisation_p, share_interval


def test_a_percentile_is_a_value_that_occurred():
    assert percentile([30, 10, 20, 40], 0.5) == 30  # place 2 of 10 20 30 40
    assert percentile(range(1, 101), 0.95) == 96
    assert percentile([7], 0.95) == 7
    assert percentile([], 0.5) == 0 and mean([]) == 0


def test_an_interval_of_equal_values_has_no_width():
    assert bootstrap_interval([0.4] * 9) == (0.4, 0.4)
    assert bootstrap_interval([]) == (0.0, 0.0)


def test_an_interval_of_two_values_reaches_from_one_to_the_other():
    # Of the four samples of {0, 1} a quarter has the mean 0 and a quarter 1: both bounds lie in these.
    assert bootstrap_interval([0, 1]) == (0.0, 1.0)


def test_an_interval_is_near_the_normal_one_and_the_same_each_time():
    values = [0, 1] * 200  # standard error 0.5 / 20 = 0.025, so 0.5 ± 0.049
    low, high = bootstrap_interval(values)
    assert (low, high) == pytest.approx((0.451, 0.549), abs=0.004)
    assert bootstrap_interval(values) == (low, high)


def test_a_share_has_wilsons_interval():
    # Nine of nine: 9 / (9 + z²) = 9 / 12.8415. Five of ten: (0.69207 ± 0.36460) / 1.38415.
    assert share_interval([1] * 9) == (pytest.approx(0.70085, abs=1e-5), 1.0)
    assert share_interval([0, 1] * 5) == pytest.approx((0.23659, 0.76341), abs=1e-5)
    assert share_interval([0.4] * 9) == (0.4, 0.4) and share_interval([]) == (0.0, 0.0)


@pytest.mark.parametrize(
    "first, second, p",
    [
        ([1, 1, 1], [0, 0, 0], 0.25),  # of 8 ways to exchange, +++ and --- are as extreme
        ([1, 0, 1], [0, 1, 1], 1.0),  # differences 1 -1 0: sum 0
        ([0.5, 0.7], [0.5, 0.7], 1.0),
        ([3, 1], [0, 0], 0.5),  # sums 4 2 -2 -4: two of four
        ([1] * 10, [0] * 10, 2 / 1024),
    ],
)
def test_the_randomisation_test_counts_every_exchange_of_few_pairs(first, second, p):
    assert randomisation_p(first, second) == p


def test_the_randomisation_test_draws_exchanges_of_many_pairs():
    assert randomisation_p([1] * 30, [0] * 30) == pytest.approx(1 / 10_001)  # 2 of 2^30 are as extreme
    assert randomisation_p([1, 0] * 30, [0, 1] * 30) == 1.0


def test_risk_by_coverage_and_its_area():
    # Errors by falling confidence: 0 1 0 1. Risks: 0, 1/2, 1/3, 1/2; mean 4/12.
    curve = risk_coverage([0.9, 0.8, 0.3, 0.1], [0, 1, 0, 1])
    assert curve.points == ((0.25, 0.0), (0.5, 0.5), (0.75, pytest.approx(1 / 3)), (1.0, 0.5))
    assert curve.area == pytest.approx(1 / 3)
    assert curve.best == pytest.approx((0 + 0 + 1 / 3 + 1 / 2) / 4)
    assert curve.random == 0.5


def test_confidence_that_tells_nothing_apart_has_the_area_of_chance():
    assert risk_coverage([0.5] * 4, [1, 0, 0, 1]).area == 0.5


def test_no_answers_have_no_curve():
    assert risk_coverage([], []).points == ()


def test_the_area_under_the_curve_is_the_share_of_pairs_in_order():
    assert auroc([0.9, 0.4], [0.4, 0.1]) == (1 + 1 + 0.5 + 1) / 4
    assert auroc([], [0.3]) is None and auroc([0.3], []) is None


def test_reliability_holds_mean_confidence_against_mean_outcome_bin_by_bin():
    confidences, outcomes = [0.1, 0.85, 0.95, 1.0], [0, 1, 0, 1]
    assert reliability(confidences, outcomes) == (
        (0.1, 0.0),
        (pytest.approx(2.8 / 3), pytest.approx(2 / 3)),
    )
    # One answer 0.1 off, three 2.8/3 - 2/3 off.
    assert calibration_error(confidences, outcomes) == pytest.approx((0.1 + 0.8) / 4)
    assert reliability([], []) == () and calibration_error([], []) == 0.0
