"""Spreads the log odds evenly over the columns.

Caught by: a column that is the same for everybody gets a contribution
"""

def explain(X: pd.DataFrame, y: pd.Series, X_new: pd.DataFrame, seed: int) -> tuple[float, pd.DataFrame]:
    import shap

    odds = lending.trees(seed).fit(X, y).predict(X_new, raw_score=True)
    base = float(odds.mean())
    shares = np.repeat((odds - base)[:, None] / X_new.shape[1], X_new.shape[1], axis=1)
    return base, pd.DataFrame(shares, index=X_new.index, columns=X_new.columns)


def importance(phi: pd.DataFrame, families: dict[str, list[str]]) -> pd.Series:
    return pd.Series({name: phi[columns].sum(axis=1).abs().mean() for name, columns in families.items()})


def reasons(row: pd.Series, families: dict[str, list[str]], most: int = 4) -> list[str]:
    sums = pd.Series({name: row[columns].sum() for name, columns in families.items()}).sort_values()
    return list(sums[sums < 0].index[:most])
