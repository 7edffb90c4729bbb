"""A heap for the reasons, numpy for the importance."""

def explain(X: pd.DataFrame, y: pd.Series, X_new: pd.DataFrame, seed: int) -> tuple[float, pd.DataFrame]:
    import shap

    explained = shap.TreeExplainer(lending.trees(seed).fit(X, y))(X_new)
    base = float(np.ravel(explained.base_values)[0])
    return base, pd.DataFrame(explained.values, index=X_new.index, columns=X_new.columns)


def importance(phi: pd.DataFrame, families: dict[str, list[str]]) -> pd.Series:
    return pd.Series({name: phi[columns].sum(axis=1).abs().mean() for name, columns in families.items()})


def reasons(row: pd.Series, families: dict[str, list[str]], most: int = 4) -> list[str]:
    import heapq

    sums = {name: float(row.loc[columns].sum()) for name, columns in families.items()}
    return heapq.nsmallest(most, [name for name in sums if sums[name] < 0], key=sums.get)
