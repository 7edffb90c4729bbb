"""Goes by correlation, which cannot see a valley.

Caught by: a column that matters was not chosen
"""

def select_features(X_train, y_train, X_valid, y_valid, budget, seed):
    strength = X_train.corrwith(y_train.astype(float)).abs()
    return strength.nlargest(budget).index.tolist()
