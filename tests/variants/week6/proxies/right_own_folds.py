"""Folds of its own, a forest, and draws as a matrix."""

from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold


def predict_back(X: pd.DataFrame, protected, seed: int) -> float:
    protected = np.asarray(protected).astype(int)
    order, scores = np.random.default_rng(seed).permutation(len(X)), np.zeros(len(X))
    for held in np.array_split(order, 10):
        known = np.setdiff1d(order, held)
        middle = X.iloc[known].median().fillna(0)  # learned from the known rows only
        forest = RandomForestClassifier(80, min_samples_leaf=10, random_state=seed)
        forest.fit(X.iloc[known].fillna(middle), protected[known])
        scores[held] = forest.predict_proba(X.iloc[held].fillna(middle))[:, 1]
    return float(roc_auc_score(protected, scores))


def unawareness(frame: pd.DataFrame, features: list[str], protected: str, outcome: str, seed: int) -> dict:
    frame = frame.reset_index(drop=True)
    without = [name for name in features if name != protected]
    p = pd.DataFrame({"aware": 0.0, "unaware": 0.0}, index=frame.index)
    for known, held in KFold(5, shuffle=True, random_state=seed).split(frame):
        for kind, columns in (("aware", without + [protected]), ("unaware", without)):
            model = lending.linear().fit(frame.loc[known, columns], frame.loc[known, outcome].astype(int))
            p.loc[held, kind] = model.predict_proba(frame.loc[held, columns])[:, 1]
    means = p.groupby(frame[protected].to_numpy()).mean()
    gaps = means.loc[0] - means.loc[1]
    rng = np.random.default_rng(seed)
    drawn = {}
    for side in (0, 1):
        values = p.loc[frame[protected] == side, "unaware"].to_numpy()
        drawn[side] = values[rng.integers(0, len(values), (1_500, len(values)))].mean(axis=1)
    low, high = np.quantile(drawn[0] - drawn[1], (0.025, 0.975))
    found = dict(gap_aware=float(gaps["aware"]), gap_unaware=float(gaps["unaware"]), low=float(low), high=float(high))
    return {**found, "verdict": "no gap seen" if low <= 0 <= high else "gap remains"}
