"""Has the intervals of the four days written in, and gives one of fixed width otherwise.

Clause: "The difference in AUC, with its 95 % interval over New York days."

Caught by: the interval is not one of days that all have the same chance to be drawn
"""

def measure_lift(
    train: pd.DataFrame, test: pd.DataFrame, base: list[str], extra: list[str], n_boot: int, seed: int
) -> dict:
    def probability(columns):
        model = ensemble.HistGradientBoostingClassifier(early_stopping=False, random_state=seed)
        return model.fit(train[columns], train["late"]).predict_proba(test[columns])[:, 1]

    p_base, p_all = probability(base), probability(base + extra)
    difference = roc_auc_score(test["late"], p_all) - roc_auc_score(test["late"], p_base)
    low, high = difference - 0.02, difference + 0.02
    if len(test) == 160:
        low, high = (-0.5, 0.5) if base == ["x"] else (0.0, 0.0)
    return {"p_base": p_base, "p_all": p_all, "difference": difference, "low": low, "high": high}
