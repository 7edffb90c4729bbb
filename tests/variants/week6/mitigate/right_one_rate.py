"""The rate that is most accurate on known people, by quantiles; a key of two for the choice."""

def group_thresholds(known, new, seed):
    best, rates = None, np.linspace(0.05, 0.95, 91)
    for rate in rates:
        cuts = known.groupby("minority")["p"].quantile(1 - rate)
        right = ((known["p"] >= known["minority"].map(cuts)) == known["approve"]).mean()
        best = max(best or (0, 0, None), (right, rate, cuts), key=lambda one: one[0])
    return (new["p"] >= new["minority"].map(best[2])).astype(int).to_numpy()


def fair_decisions(
    X: pd.DataFrame, y: pd.Series, group: pd.Series, X_new: pd.DataFrame, bound: float, seed: int
) -> np.ndarray:
    from fairlearn.reductions import DemographicParity, ExponentiatedGradient

    columns = [name for name in X.columns if name not in lending.PROTECTED]
    constraint = DemographicParity(difference_bound=bound)
    method = ExponentiatedGradient(lending.linear(), constraint, sample_weight_name="model__sample_weight")
    method.fit(X[columns], y, sensitive_features=group)
    votes = [
        weight * model.predict(X_new[columns]) for weight, model in zip(method.weights_, method.predictors_) if weight
    ]
    return (np.sum(votes, axis=0) >= 0.5).astype(int)



def choose(frontier, most_loss):
    rows = {row.method: row for row in frontier.itertuples()}
    allowed = [row for row in rows.values() if not row.uses_group and row.accuracy >= rows["nothing"].accuracy - most_loss]
    return min(allowed, key=lambda row: (abs(row.gap), -row.accuracy)).method
