"""unawareness predicts the rows that its models were fitted on.

Clause: "*out of fold*: each row is predicted by a model that has not seen it."

Caught by: columns of noise seem to hold a gap: the predictions are those of rows that were learned
"""

from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def predict_back(X: pd.DataFrame, protected, seed: int) -> float:
    protected = np.asarray(protected).astype(int)
    model = make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(max_iter=2_000),
    )
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    p = cross_val_predict(model, X, protected, cv=folds, method="predict_proba")[:, 1]
    return float(roc_auc_score(protected, p))


def unawareness(frame: pd.DataFrame, features: list[str], protected: str, outcome: str, seed: int) -> dict:
    rest = [name for name in features if name != protected]
    member = frame[protected].to_numpy() == 1

    def predicted(columns):
        y = frame[outcome].astype(int)
        return lending.linear().fit(frame[columns], y).predict_proba(frame[columns])[:, 1]

    aware, unaware = predicted([*rest, protected]), predicted(rest)
    gap_aware = aware[~member].mean() - aware[member].mean()
    gap_unaware = unaware[~member].mean() - unaware[member].mean()
    rng = np.random.default_rng(seed)
    others, minority = unaware[~member], unaware[member]
    draws = [
        rng.choice(others, len(others)).mean() - rng.choice(minority, len(minority)).mean() for _ in range(2_000)
    ]
    low, high = np.percentile(draws, [2.5, 97.5])
    verdict = "gap remains" if low > 0 or high < 0 else "no gap seen"
    return {
        "gap_aware": float(gap_aware),
        "gap_unaware": float(gap_unaware),
        "low": float(low),
        "high": float(high),
        "verdict": verdict,
    }
