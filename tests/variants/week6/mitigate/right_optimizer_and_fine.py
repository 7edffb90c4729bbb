"""ThresholdOptimizer, and a reduction by hand with one fine."""

from fairlearn.postprocessing import ThresholdOptimizer
from sklearn.base import BaseEstimator, ClassifierMixin


class Scored(ClassifierMixin, BaseEstimator):
    """A model that is fitted already: its score stands in the only column."""

    def fit(self, X=None, y=None):
        self.classes_ = np.array([0, 1])
        return self

    def predict_proba(self, X):
        p = np.asarray(X, dtype=float).reshape(-1)
        return np.column_stack([1 - p, p])

    def predict(self, X):
        return (self.predict_proba(X)[:, 1] >= 0.5).astype(int)


def group_thresholds(known: pd.DataFrame, new: pd.DataFrame, seed: int) -> np.ndarray:
    optimizer = ThresholdOptimizer(
        estimator=Scored().fit(), constraints="demographic_parity", prefit=True, predict_method="predict_proba"
    )
    optimizer.fit(known[["p"]], known["approve"].astype(int), sensitive_features=known["minority"].astype(int))
    made = optimizer.predict(new[["p"]], sensitive_features=new["minority"].astype(int), random_state=seed)
    return np.asarray(made).astype(int)


def fair_decisions(
    X: pd.DataFrame, y: pd.Series, group: pd.Series, X_new: pd.DataFrame, bound: float, seed: int
) -> np.ndarray:
    """A reduction by hand for two groups: the smallest fine that brings both within the bound."""
    columns = [name for name in X.columns if name not in lending.PROTECTED]
    y, member = np.asarray(y).astype(int), np.asarray(group) == np.unique(group)[-1]
    push = np.where(member, 1 / member.mean(), -1 / (1 - member.mean()))

    def attempt(fine):
        signed = 2.0 * y - 1 + fine * push
        if len(set(signed > 0)) < 2:
            return None, np.inf, 0.0
        model = lending.linear().fit(X[columns], (signed > 0).astype(int), model__sample_weight=np.abs(signed))
        made = np.asarray(model.predict(X[columns]))
        rates = np.array([made[member].mean(), made[~member].mean()])
        return model, np.abs(rates - made.mean()).max(), rates[1] - rates[0]

    best, distance, gap = attempt(0.0)
    sign = 1 if gap > 0 else -1
    for fine in np.arange(0.01, 1.0, 0.01):
        if distance <= bound:
            break
        model, reached, _ = attempt(sign * fine)
        if reached < distance:
            best, distance = model, reached
    return np.asarray(best.predict(X_new[columns])).astype(int)


def choose(frontier: pd.DataFrame, most_loss: float) -> str:
    rows = frontier.to_dict("records")
    floor = next(row["accuracy"] for row in rows if row["method"] == "nothing") - most_loss - 1e-12
    fits = [row for row in rows if not row["uses_group"] and row["accuracy"] >= floor]
    return min(fits, key=lambda row: (abs(row["gap"]), -row["accuracy"]))["method"]
