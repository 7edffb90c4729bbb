"""Models with one interface: scikit-learn pipelines that take plain columns, strings and numbers, and can be cloned.

Every step, the encoding of categories included, learns in ``fit`` and nowhere else, so that a search which fits a
pipeline on one fold's training rows has shown it nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sklearn.base import BaseEstimator, ClassifierMixin

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from sklearn.pipeline import Pipeline

CATEGORIES = ("carrier", "origin", "dest")
LIBRARIES = ("lightgbm", "xgboost", "catboost")


class CatBoost(ClassifierMixin, BaseEstimator):
    """CatBoost with native categories that `sklearn.base.clone` can copy.

    CatBoostClassifier copies its ``cat_features`` on construction, and `clone` refuses an estimator that does not keep
    the very objects it was given. This one keeps them, and makes the real classifier in ``fit``.
    """

    def __init__(
        self, iterations: int = 100, depth: int = 6, learning_rate: float = 0.1, l2_leaf_reg: float = 3.0, seed: int = 0
    ) -> None:
        self.iterations = iterations
        self.depth = depth
        self.learning_rate = learning_rate
        self.l2_leaf_reg = l2_leaf_reg
        self.seed = seed

    def fit(self, X: pd.DataFrame, y: np.ndarray) -> CatBoost:
        """Fit on a table with the three categories among its columns."""
        import catboost
        import numpy as np

        categories = [name for name in X.columns if name in CATEGORIES]
        self.model_ = catboost.CatBoostClassifier(
            iterations=self.iterations,
            depth=self.depth,
            learning_rate=self.learning_rate,
            l2_leaf_reg=self.l2_leaf_reg,
            random_seed=self.seed,
            cat_features=categories,
            thread_count=1,
            verbose=False,
            allow_writing_files=False,
        )
        self.model_.fit(_with_text(X), np.asarray(y, dtype=int))
        self.classes_ = np.array([0, 1])
        return self

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        """Probabilities of on time and late, shape (n, 2)."""
        return self.model_.predict_proba(_with_text(X))

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """Predict 1 where late is more probable than on time, shape (n,)."""
        return (self.predict_proba(X)[:, 1] >= 0.5).astype(int)


def _with_text(X: pd.DataFrame) -> pd.DataFrame:
    return X.assign(**{name: X[name].astype(str) for name in X.columns if name in CATEGORIES})


def pipeline(library: str = "lightgbm", seed: int = 0, **settings: Any) -> Pipeline:
    """Make an unfitted pipeline of two steps, ``prepare`` and ``model``.

    Parameters
    ----------
    library
        "lightgbm", "xgboost" or "catboost"
    seed
        makes the result repeatable
    settings
        of the library's scikit-learn class; in a search they are called ``model__NAME``

    Raises
    ------
    ValueError
        when the library is none of the three
    """
    from sklearn.pipeline import Pipeline

    if library == "catboost":
        return Pipeline([("prepare", "passthrough"), ("model", CatBoost(seed=seed, **settings))])
    return Pipeline([("prepare", _prepare(seed)), ("model", _classifier(library, seed, settings))])


def _prepare(seed: int) -> Any:
    """Turn categories into their shrunken share of late flights, cross-fitted; numbers stay, missing ones too."""
    from sklearn.compose import ColumnTransformer, make_column_selector
    from sklearn.model_selection import StratifiedKFold
    from sklearn.preprocessing import TargetEncoder

    encode = TargetEncoder(target_type="binary", cv=StratifiedKFold(5, shuffle=True, random_state=seed))
    named = make_column_selector(pattern=f"^(?:{'|'.join(CATEGORIES)})$")
    return ColumnTransformer(
        [("categories", encode, named)], remainder="passthrough", verbose_feature_names_out=False
    ).set_output(transform="pandas")


def _classifier(library: str, seed: int, settings: dict[str, Any]) -> Any:
    if library == "lightgbm":
        import lightgbm

        fixed = {"deterministic": True, "force_row_wise": True, "verbose": -1, "n_jobs": 1}
        return lightgbm.LGBMClassifier(**{**fixed, "random_state": seed, **settings})
    if library == "xgboost":
        import xgboost

        return xgboost.XGBClassifier(**{"n_jobs": 1, "random_state": seed, **settings})
    raise ValueError(f"no library {library!r}: there are {', '.join(LIBRARIES)}")
