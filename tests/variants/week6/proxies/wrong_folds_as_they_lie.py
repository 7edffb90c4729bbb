"""The five folds of unawareness are cut in the order of the rows.

Clause: "`unawareness` uses `lending.linear()` and five shuffled folds"

Caught by: gap_aware is not the gap in mean predicted approval, on rows that were not learned from
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
    folds = StratifiedKFold(5)

    def predicted(columns):
        y = frame[outcome].astype(int)
        return cross_val_predict(lending.linear(), frame[columns], y, cv=folds, method="predict_proba")[:, 1]

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
