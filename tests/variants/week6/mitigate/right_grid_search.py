"""fairlearn's GridSearch, whose predictors are tried on training rows; a query for the choice."""

def group_thresholds(known, new, seed):
    from fairlearn.postprocessing import ThresholdOptimizer
    from sklearn.linear_model import LogisticRegression

    method = ThresholdOptimizer(estimator=LogisticRegression().fit(known[["p"]], known["approve"]), prefit=True,
                                constraints="selection_rate_parity", predict_method="predict_proba")
    method.fit(known[["p"]], known["approve"], sensitive_features=known["minority"])
    return method.predict(new[["p"]], sensitive_features=new["minority"], random_state=seed)


def fair_decisions(X, y, group, X_new, bound, seed):
    from fairlearn.reductions import DemographicParity, GridSearch

    known, new = (frame.drop(columns=list(lending.PROTECTED), errors="ignore") for frame in (X, X_new))
    search = GridSearch(lending.linear(), DemographicParity(), grid_size=31, sample_weight_name="model__sample_weight")
    search.fit(known, y, sensitive_features=group)
    tried = []
    for model in [lending.linear().fit(known, y), *search.predictors_]:
        made = model.predict(known)
        gap = abs(made[np.asarray(group) == 1].mean() - made[np.asarray(group) == 0].mean())
        tried.append((gap > bound, gap if gap > bound else -(made == y).mean(), len(tried), model))
    return min(tried)[-1].predict(new)


def choose(frontier, most_loss):
    floor = frontier.set_index("method").loc["nothing", "accuracy"] - most_loss
    allowed = frontier.query("not uses_group and accuracy >= @floor").assign(size=lambda f: f["gap"].abs())
    allowed = allowed[allowed["size"] == allowed["size"].min()]
    return allowed.loc[allowed["accuracy"].idxmax(), "method"]
