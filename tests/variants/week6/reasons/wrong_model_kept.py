"""The model is kept by its seed and columns, and other rows get the old one.

Clause: "Fit ``lending.trees(seed)`` on ``X`` and ``y``"

Caught by: the base is not the mean log odds
"""

KEPT = {}


def explain(X: pd.DataFrame, y: pd.Series, X_new: pd.DataFrame, seed: int) -> tuple[float, pd.DataFrame]:
    key = (seed, *X.columns)
    if key not in KEPT:
        KEPT[key] = lending.trees(seed).fit(X, y)
    model = KEPT[key]
    shares = model.predict(X_new[X.columns], pred_contrib=True)
    phi = pd.DataFrame(shares[:, :-1], index=X_new.index, columns=X.columns)
    return float(shares[0, -1]), phi[X_new.columns]


def importance(phi: pd.DataFrame, families: dict[str, list[str]]) -> pd.Series:
    return pd.Series({family: phi[columns].sum(axis=1).abs().mean() for family, columns in families.items()})


def reasons(row: pd.Series, families: dict[str, list[str]], most: int = 4) -> list[str]:
    sums = {family: row[columns].sum() for family, columns in families.items()}
    against = [family for family in sums if sums[family] < 0]
    return sorted(against, key=sums.get)[:most]
