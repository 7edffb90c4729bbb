"""The small worlds of week 2's checks."""

from helpers import data
from helpers.checks.week2 import LEAST_LIFT, days, questions


def test_no_question_is_asked_twice():
    storm = data.flights().query("month == 7 and 20 <= day <= 26")
    for seed in range(50):
        assert not questions(storm, 100, seed).duplicated().any()


def test_an_honest_lift_is_far_from_the_threshold_whatever_the_seed():
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    def auc(known, later, columns):
        model = LogisticRegression().fit(known[columns], known["late"])
        return roc_auc_score(later["late"], model.predict_proba(later[columns])[:, 1])

    lifts = {}
    for seed in range(60):  # the rows of the hidden test at this seed
        rows = days(1_500, seed + 3), days(1_200, seed + 4)
        lifts[seed] = auc(*rows, ["x", "signal"]) - auc(*rows, ["x"])
    assert {seed: lift for seed, lift in lifts.items() if lift < 1.8 * LEAST_LIFT} == {}
