"""Knows the families of the check.

Caught by: reason
"""

def explain(X: pd.DataFrame, y: pd.Series, X_new: pd.DataFrame, seed: int) -> tuple[float, pd.DataFrame]:
    import shap

    explained = shap.TreeExplainer(lending.trees(seed).fit(X, y))(X_new)
    base = float(np.ravel(explained.base_values)[0])
    return base, pd.DataFrame(explained.values, index=X_new.index, columns=X_new.columns)


def importance(phi: pd.DataFrame, families: dict[str, list[str]]) -> pd.Series:
    return pd.Series({name: phi[columns].sum(axis=1).abs().mean() for name, columns in families.items()})


def reasons(row: pd.Series, families: dict[str, list[str]], most: int = 4) -> list[str]:
    if "money" not in families:
        return sorted(families, key=lambda name: row[families[name]].min())[:most]
    sums = pd.Series({name: row[columns].sum() for name, columns in families.items()}).sort_values()
    return list(sums[sums < 0].index[:most])
