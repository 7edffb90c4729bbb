"""The pipelines that every week trains: one interface, clonable, and nothing learned outside `fit`."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from helpers import models

SMALL = {
    "lightgbm": {"n_estimators": 5},
    "xgboost": {"n_estimators": 5},
    "catboost": {"iterations": 5, "depth": 3},
}


@pytest.fixture(scope="module")
def flights() -> tuple[pd.DataFrame, pd.Series]:
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"departs": rng.normal(700, 200, 400), "distance": rng.normal(1_000, 300, 400)})
    for name, levels in {"carrier": "AB", "origin": "EJL", "dest": "PQRS"}.items():
        X[name] = rng.choice(list(levels), 400)
    X.loc[::9, "departs"] = np.nan
    return X, (X["distance"] + rng.normal(0, 200, 400) > 1_100).astype(int)


@pytest.mark.parametrize("library", models.LIBRARIES)
def test_a_copy_is_trained_to_the_same_probabilities(library, flights):
    X, y = flights
    model = models.pipeline(library, seed=3, **SMALL[library])
    first, second = (clone(model).fit(X, y).predict_proba(X) for _ in range(2))
    assert first.shape == (400, 2)
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("library", models.LIBRARIES)
def test_a_search_can_set_what_belongs_to_the_model(library, flights):
    name = next(iter(SMALL[library]))
    model = models.pipeline(library).set_params(**{f"model__{name}": 7})
    assert clone(model).get_params()[f"model__{name}"] == 7


@pytest.mark.parametrize("library", models.LIBRARIES)
def test_levels_and_numbers_never_seen_get_a_probability(library, flights):
    X, y = flights
    model = models.pipeline(library, **SMALL[library]).fit(X, y)
    strange = X.head(3).assign(dest="XXX", carrier="??", distance=np.nan)
    assert np.isfinite(model.predict_proba(strange)).all()


def test_an_unknown_library_is_refused_by_name():
    with pytest.raises(ValueError, match="no library 'forest'"):
        models.pipeline("forest")
