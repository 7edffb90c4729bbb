"""The mortgage applications, prepared for a study of fairness: features, protected columns, outcome.

The file is datasets/mortgages; its card says what each column is, and which ones hold errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from lightgbm import LGBMClassifier
    from sklearn.pipeline import Pipeline

OUTCOME = "approve"  # what the lenders decided, and not whether a loan was paid back
PROTECTED = ("black", "hispan", "white", "minority", "male", "married", "old")
TRACT = ("min30", "bd", "mi", "vr")  # of the neighbourhood, and so of who lives there
# Known with the decision or after it, the same for everybody, or a copy of another column.
LEFT_OUT = (
    *("action", "reject", "typur", "inson", "review", "msa", "occ"),
    *("mortno", "mortperf", "mortlat1", "mortlat2", "chist", "multi", "thick"),
)
NOT_KNOWN = {"liq": 1_000_000, "lines": 999_999.375, "term": 999_999.375, "gdlin": 666}  # codes among the amounts


def applications() -> pd.DataFrame:
    """Return the 1,989 applications: features, the protected columns, ``minority`` (1 if not white) and ``approve``.

    Codes for *not known* have become NaN; columns that stand for the outcome are gone. All numbers are floats, so that
    any column may be missing; ``minority`` and ``approve`` are 0 or 1.
    """
    from helpers import data

    table = data.mortgages().drop(columns=list(LEFT_OUT)).astype(float)
    for name, code in NOT_KNOWN.items():
        table[name] = table[name].mask(table[name] >= code)
    whole = {"minority": 1 - table["white"].astype(int), OUTCOME: table[OUTCOME].astype(int)}
    return table.assign(**whole)


def features(table: pd.DataFrame) -> list[str]:
    """Return the columns on which a lender could decide: neither protected nor the outcome."""
    return [name for name in table.columns if name not in (*PROTECTED, OUTCOME)]


def linear() -> Pipeline:
    """Return an unfitted logistic regression with the steps ``fill``, ``scale`` and ``model``."""
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    fill = SimpleImputer(strategy="median", keep_empty_features=True)
    return Pipeline([("fill", fill), ("scale", StandardScaler()), ("model", LogisticRegression(C=0.3, max_iter=500))])


def trees(seed: int = 0) -> LGBMClassifier:
    """Return an unfitted LightGBM classifier, as small as the table asks for; it takes missing values as they are."""
    from lightgbm import LGBMClassifier

    return LGBMClassifier(
        n_estimators=80,
        num_leaves=7,
        learning_rate=0.06,
        min_child_samples=20,
        random_state=seed,
        n_jobs=1,
        deterministic=True,
        force_row_wise=True,
        verbose=-1,
    )
