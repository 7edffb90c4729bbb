"""The booster itself, and families as a matrix of 0 and 1."""

class Families:
    """Sums over families of columns, by a matrix of 0 and 1."""

    def __init__(self, columns, families):
        self.names = list(families)
        self.member = np.array([[column in families[name] for name in families] for column in columns], dtype=float)

    def sums(self, values):
        return np.asarray(values, dtype=float) @ self.member


def explain(X: pd.DataFrame, y: pd.Series, X_new: pd.DataFrame, seed: int) -> tuple[float, pd.DataFrame]:
    fitted = lending.trees(seed).fit(X, y)
    given = X_new[list(X.columns)]
    raw = np.asarray(fitted.booster_.predict(given, pred_contrib=True))
    by_name = {name: raw[:, place] for place, name in enumerate(X.columns)}
    return float(raw[:, -1].mean()), pd.DataFrame({name: by_name[name] for name in X_new.columns}, index=X_new.index)


def importance(phi: pd.DataFrame, families: dict[str, list[str]]) -> pd.Series:
    of = Families(phi.columns, families)
    return pd.Series(np.abs(of.sums(phi)).mean(axis=0), index=of.names)


def reasons(row: pd.Series, families: dict[str, list[str]], most: int = 4) -> list[str]:
    of = Families(row.index, families)
    ranked = sorted(zip(of.sums(row), range(len(of.names))))
    return [of.names[place] for value, place in ranked if value < 0][:most]
