"""Thresholds by quantiles of the known scores, GridSearch, a loop for the choice."""

def group_thresholds(known, new, seed):
    rate = (known["p"] >= 0.5).mean()
    cuts = known.groupby("minority")["p"].quantile(1 - rate)
    return (new["p"].to_numpy() >= cuts.reindex(new["minority"]).to_numpy()).astype(int)


def fair_decisions(X, y, group, X_new, bound, seed):
    from sklearn.linear_model import LogisticRegression

    columns = [name for name in X if name not in lending.PROTECTED]
    group = np.asarray(group)
    best, best_right = None, -1.0
    for strength in np.linspace(0, 1, 41):
        # Weights that pull the groups' approvals together, as strong as the bound needs.
        want = np.where(group == 1, 1 + 2 * strength, 1 - 0.5 * strength)
        weight = np.where(np.asarray(y) == 1, want, 1 / want)
        model = lending.linear().fit(X[columns], y, model__sample_weight=weight)
        made = model.predict(X[columns])
        gap = abs(made[group == 1].mean() - made[group == 0].mean())
        right = (made == y).mean()
        if gap <= bound and right > best_right:
            best, best_right = model, right
        least = model if strength == 0 or gap < least_gap else least
        least_gap = gap if strength == 0 else min(gap, least_gap)
    return (best or least).predict(X_new[columns])


def choose(frontier, most_loss):
    table = frontier.set_index("method")
    best = None
    for name, row in table.iterrows():
        if row["uses_group"] or row["accuracy"] < table.loc["nothing", "accuracy"] - most_loss:
            continue
        key = (abs(row["gap"]), -row["accuracy"])
        if best is None or key < best[0]:
            best = (key, name)
    return best[1]
