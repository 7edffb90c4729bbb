"""Learns from the rows on which it judges.

Caught by: a column was chosen that says something on the validation rows only
"""

def select_features(X_train, y_train, X_valid, y_valid, budget, seed):
    model = ensemble.HistGradientBoostingClassifier(random_state=seed).fit(X_valid, y_valid)
    fall = inspection.permutation_importance(model, X_valid, y_valid, scoring="roc_auc", n_repeats=5, random_state=seed)
    return list(X_train.columns[np.argsort(-fall.importances_mean)][:budget])
