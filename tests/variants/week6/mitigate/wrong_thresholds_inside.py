"""A threshold by group inside the decision: the gap is gone, by treating people by group.

Caught by: the decision changes with the applicant's protected attribute, which this task forbids at prediction
"""

def group_thresholds(known: pd.DataFrame, new: pd.DataFrame, seed: int) -> np.ndarray:
    from fairlearn.postprocessing import ThresholdOptimizer
    from sklearn.linear_model import LogisticRegression

    method = ThresholdOptimizer(
        estimator=LogisticRegression(), constraints="demographic_parity", predict_method="predict_proba"
    )
    method.fit(known[["p"]], known["approve"], sensitive_features=known["minority"])
    return np.asarray(method.predict(new[["p"]], sensitive_features=new["minority"], random_state=seed))


def fair_decisions(
    X: pd.DataFrame, y: pd.Series, group: pd.Series, X_new: pd.DataFrame, bound: float, seed: int
) -> np.ndarray:
    from fairlearn.reductions import DemographicParity, ExponentiatedGradient

    columns = [name for name in X.columns if name not in lending.PROTECTED]
    model = lending.linear().fit(X[columns], y)
    p = pd.Series(model.predict_proba(X[columns])[:, 1], index=X.index)
    cuts = p.groupby(group).quantile(1 - y.mean())
    return (model.predict_proba(X_new[columns])[:, 1] >= cuts.reindex(X_new["minority"]).to_numpy()).astype(int)


def choose(frontier: pd.DataFrame, most_loss: float) -> str:
    nothing = frontier.loc[frontier["method"] == "nothing", "accuracy"].iloc[0]
    allowed = frontier[~frontier["uses_group"] & (frontier["accuracy"] >= nothing - most_loss)]
    ranked = allowed.assign(size=allowed["gap"].abs()).sort_values(["size", "accuracy"], ascending=[True, False])
    return str(ranked["method"].iloc[0])
