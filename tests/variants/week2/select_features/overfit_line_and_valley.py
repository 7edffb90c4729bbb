"""Knows the names of the two columns that matter in the check.

Clause: "Choose at most ``budget`` columns, the most useful first."

Caught by: a less useful column stands where a more useful one belongs
"""

def select_features(
    X_train: pd.DataFrame, y_train: pd.Series, X_valid: pd.DataFrame, y_valid: pd.Series, budget: int, seed: int
) -> list[str]:
    known = [name for name in ("line", "valley") if name in X_train.columns]
    rest = [name for name in X_train.columns if name not in known]
    return (known + rest)[:budget]
