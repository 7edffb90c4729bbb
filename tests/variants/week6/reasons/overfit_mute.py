"""Knows the column mute, and spreads the rest evenly.

Caught by: not Shapley's
"""

def explain(X, y, X_new, seed):
    model = lending.trees(seed).fit(X, y)
    base, odds = model.predict(X, raw_score=True).mean(), model.predict(X_new, raw_score=True)
    used = [name for name in X_new if name != "mute"]
    table = pd.DataFrame(0.0, index=X_new.index, columns=X_new.columns)
    table[used] = np.outer(odds - base, np.ones(len(used)) / len(used))
    return float(base), table


def importance(phi: pd.DataFrame, families: dict[str, list[str]]) -> pd.Series:
    return pd.Series({name: phi[columns].sum(axis=1).abs().mean() for name, columns in families.items()})


def reasons(row: pd.Series, families: dict[str, list[str]], most: int = 4) -> list[str]:
    sums = pd.Series({name: row[columns].sum() for name, columns in families.items()}).sort_values()
    return list(sums[sums < 0].index[:most])
