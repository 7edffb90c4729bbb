"""The booster's pred_contrib; a matrix of families."""

def explain(X, y, X_new, seed):
    shares = lending.trees(seed).fit(X, y).booster_.predict(X_new, pred_contrib=True)
    return float(shares[0, -1]), pd.DataFrame(shares[:, :-1], X_new.index, X_new.columns)


def importance(phi, families):
    members = pd.DataFrame({name: phi.columns.isin(columns) for name, columns in families.items()}, index=phi.columns)
    return pd.Series(np.abs(phi.to_numpy() @ members.to_numpy(dtype=float)).mean(axis=0), index=list(families))


def reasons(row, families, most=4):
    sums = {name: sum(row[column] for column in columns) for name, columns in families.items()}
    against = sorted((total, name) for name, total in sums.items() if total < 0)
    return [name for _, name in against][:most]
