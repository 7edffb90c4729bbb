"""The older interface of shap; a transposed groupby."""

def explain(X: pd.DataFrame, y: pd.Series, X_new: pd.DataFrame, seed: int) -> tuple[float, pd.DataFrame]:
    import shap

    explainer = shap.TreeExplainer(lending.trees(seed).fit(X, y))
    base = float(np.ravel(explainer.expected_value)[-1])
    return base, pd.DataFrame(explainer.shap_values(X_new), index=X_new.index, columns=X_new.columns)


def importance(phi: pd.DataFrame, families: dict[str, list[str]]) -> pd.Series:
    return pd.Series({name: phi[columns].sum(axis=1).abs().mean() for name, columns in families.items()})


def reasons(row: pd.Series, families: dict[str, list[str]], most: int = 4) -> list[str]:
    sums = pd.Series({name: row[columns].sum() for name, columns in families.items()}).sort_values()
    return list(sums[sums < 0].index[:most])
