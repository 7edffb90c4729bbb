"""Throws out the least useful columns again and again, and gives the rest in the order of the table.

Caught by: a less useful column stands
"""

def select_features(X_train, y_train, X_valid, y_valid, budget, seed):
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.inspection import permutation_importance

    kept = list(X_train.columns)
    while len(kept) > budget:
        model = HistGradientBoostingClassifier(max_iter=80, random_state=seed).fit(X_train[kept], y_train)
        found = permutation_importance(model, X_valid[kept], y_valid, scoring="neg_log_loss", n_repeats=2, random_state=seed)
        worst = np.argsort(found.importances_mean)[: max(1, (len(kept) - budget) // 2)]
        kept = [column for place, column in enumerate(kept) if place not in set(worst)]
    return kept
