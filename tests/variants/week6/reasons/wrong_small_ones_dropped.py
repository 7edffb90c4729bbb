"""Families that lowered the odds by less than 0.05 are not named.

Clause: "`reasons` names the families that lowered one person's odds, strongest first."

Caught by: the reasons are not those that lowered this applicant's odds most, strongest first
"""

def explain(X: pd.DataFrame, y: pd.Series, X_new: pd.DataFrame, seed: int) -> tuple[float, pd.DataFrame]:
    model = lending.trees(seed).fit(X, y)
    shares = model.predict(X_new[X.columns], pred_contrib=True)
    phi = pd.DataFrame(shares[:, :-1], index=X_new.index, columns=X.columns)
    return float(shares[0, -1]), phi[X_new.columns]


def importance(phi: pd.DataFrame, families: dict[str, list[str]]) -> pd.Series:
    return pd.Series({family: phi[columns].sum(axis=1).abs().mean() for family, columns in families.items()})


def reasons(row: pd.Series, families: dict[str, list[str]], most: int = 4) -> list[str]:
    sums = {family: row[columns].sum() for family, columns in families.items()}
    against = [family for family in sums if sums[family] < -0.05]
    return sorted(against, key=sums.get)[:most]
