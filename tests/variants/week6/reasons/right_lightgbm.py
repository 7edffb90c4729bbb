"""LightGBM's own contributions, and loops."""

def explain(X, y, X_new, seed):
    shares = lending.trees(seed).fit(X, y).predict(X_new, pred_contrib=True)
    return shares[0, -1], pd.DataFrame(shares[:, :-1], columns=X_new.columns, index=X_new.index)


def importance(phi, families):
    sizes = {}
    for name in families:
        total = 0
        for column in families[name]:
            total = total + phi[column]
        sizes[name] = np.abs(total).mean()
    return pd.Series(sizes)


def reasons(row, families, most=4):
    ranked = sorted((sum(row[column] for column in columns), name) for name, columns in families.items())
    return [name for total, name in ranked if total < 0][:most]
