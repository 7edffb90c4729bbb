"""The mortgage applications: nothing that stands for the outcome is left, and no code passes for an amount."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone

from helpers import data, lending


@pytest.fixture(scope="module")
def people():
    return lending.applications()


def test_everybody_is_there_once_with_the_outcome(people):
    raw = data.mortgages()
    assert people.index.equals(raw.index)
    assert (people["approve"] == raw["approve"]).all()
    assert people["minority"].sum() == raw["black"].sum() + raw["hispan"].sum()


def test_no_feature_is_protected_or_stands_for_the_outcome(people):
    features = lending.features(people)
    assert not {*lending.PROTECTED, *lending.LEFT_OUT, lending.OUTCOME} & set(features)
    told = people[features].corrwith(people["approve"]).abs()
    assert told.drop("gdlin").max() < 0.35  # the lender's own judgement comes near: its card says so


def test_codes_are_missing_and_amounts_are_not(people):
    raw = data.mortgages()
    assert people["liq"].max() < 1_000_000
    assert people["lines"].max() < 1_000
    assert set(people["gdlin"].dropna()) == {0, 1}
    assert people["liq"].isna().sum() == (raw["liq"] >= 1_000_000).sum()


@pytest.mark.parametrize("model", [lending.linear(), lending.trees(3)], ids=["linear", "trees"])
def test_models_take_missing_values_and_repeat(model, people):
    features = lending.features(people)
    first, again = (clone(model).fit(people[features], people["approve"]) for _ in range(2))
    p = first.predict_proba(people[features])[:, 1]
    np.testing.assert_array_equal(p, again.predict_proba(people[features])[:, 1])
    assert p.min() < 0.2 < 0.9 < p.max()
