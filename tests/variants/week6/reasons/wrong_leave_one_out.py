"""What leaving a column out changes, scaled to add up.

Caught by: not Shapley's
"""

def explain(X, y, X_new, seed):
    model = lending.trees(seed).fit(X, y)
    base, whole = model.predict(X, raw_score=True).mean(), model.predict(X_new, raw_score=True)
    change = pd.DataFrame(0.0, index=X_new.index, columns=X_new.columns)
    for name in X_new:
        other = X_new.assign(**{name: X[name].median()})
        change[name] = whole - model.predict(other, raw_score=True)
    total = change.sum(axis=1).to_numpy()
    scale = np.where(np.abs(total) > 1e-9, (whole - base) / np.where(total == 0, 1, total), 0)
    used = (X.nunique() > 1).to_numpy()
    rest = np.where(np.abs(total) > 1e-9, 0, whole - base)
    return float(base), change.mul(scale, axis=0) + np.outer(rest, used / used.sum())


def importance(phi: pd.DataFrame, families: dict[str, list[str]]) -> pd.Series:
    return pd.Series({name: phi[columns].sum(axis=1).abs().mean() for name, columns in families.items()})


def reasons(row: pd.Series, families: dict[str, list[str]], most: int = 4) -> list[str]:
    sums = pd.Series({name: row[columns].sum() for name, columns in families.items()}).sort_values()
    return list(sums[sums < 0].index[:most])
