"""Reads the new rows as an array: their columns are those of `X`, in the same order."""

def explain(X: pd.DataFrame, y: pd.Series, X_new: pd.DataFrame, seed: int) -> tuple[float, pd.DataFrame]:
    model = lending.trees(seed).fit(X, y)
    shares = model.booster_.predict(X_new.to_numpy(dtype=float), pred_contrib=True)
    phi = pd.DataFrame(shares[:, :-1], index=X_new.index, columns=X_new.columns)
    return float(shares[0, -1]), phi


def importance(phi: pd.DataFrame, families: dict[str, list[str]]) -> pd.Series:
    return pd.Series({family: phi[columns].sum(axis=1).abs().mean() for family, columns in families.items()})


def reasons(row: pd.Series, families: dict[str, list[str]], most: int = 4) -> list[str]:
    sums = {family: row[columns].sum() for family, columns in families.items()}
    against = [family for family in sums if sums[family] < 0]
    return sorted(against, key=sums.get)[:most]
