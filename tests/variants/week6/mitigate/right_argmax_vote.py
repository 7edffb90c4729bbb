"""The vote as a matrix product; sorting twice for the choice."""

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
    constraint = DemographicParity(difference_bound=bound)
    method = ExponentiatedGradient(lending.linear(), constraint, sample_weight_name="model__sample_weight")
    method.fit(X[columns], y, sensitive_features=group)
    made = np.column_stack([model.predict(X_new[columns]) for model in method.predictors_])
    return np.where(made @ np.asarray(method.weights_) >= 0.5, 1, 0)


def choose(frontier: pd.DataFrame, most_loss: float) -> str:
    nothing = frontier.loc[frontier["method"] == "nothing", "accuracy"].iloc[0]
    allowed = frontier[~frontier["uses_group"] & (frontier["accuracy"] >= nothing - most_loss)]
    ranked = allowed.assign(size=allowed["gap"].abs()).sort_values("accuracy", ascending=False).sort_values("size", kind="stable")
    return str(ranked["method"].iloc[0])
