"""The small worlds of week 2's checks."""

from helpers import data
from helpers.checks.week2 import questions


def test_no_question_is_asked_twice():
    storm = data.flights().query("month == 7 and 20 <= day <= 26")
    for seed in range(50):
        assert not questions(storm, 100, seed).duplicated().any()
