"""ThresholdOptimizer around a score that is passed through."""

def group_thresholds(known: pd.DataFrame, new: pd.DataFrame, seed: int) -> np.ndarray:
    from fairlearn.postprocessing import ThresholdOptimizer
    from sklearn.linear_model import LogisticRegression

    line = LogisticRegression().fit(known[["p"]], known["approve"])
    method = ThresholdOptimizer(estimator=line, prefit=True, predict_method="predict_proba")
    method.fit(known[["p"]], known["approve"], sensitive_features=known["minority"])
    return np.asarray(method.predict(new[["p"]], sensitive_features=new["minority"], random_state=seed))


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


def choose(frontier: pd.DataFrame, most_loss: float) -> str:
    nothing = frontier.loc[frontier["method"] == "nothing", "accuracy"].iloc[0]
    allowed = frontier[~frontier["uses_group"] & (frontier["accuracy"] >= nothing - most_loss)]
    ranked = allowed.assign(size=allowed["gap"].abs()).sort_values(["size", "accuracy"], ascending=[True, False])
    return str(ranked["method"].iloc[0])
