"""A random forest, folds by hand, an interval by standard errors."""

def predict_back(X, protected, seed):
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import KFold

    protected, p = np.asarray(protected), np.zeros(len(X))
    for known, asked in KFold(5, shuffle=True, random_state=seed).split(X):
        fill = X.iloc[known].median()
        forest = RandomForestClassifier(60, min_samples_leaf=5, random_state=seed)
        forest.fit(X.iloc[known].fillna(fill), protected[known])
        p[asked] = forest.predict_proba(X.iloc[asked].fillna(fill))[:, 1]
    return roc_auc_score(protected, p)


def unawareness(frame, features, protected, outcome, seed):
    from sklearn.model_selection import KFold

    group = frame[protected] == 1

    def out_of_fold(columns):
        p = pd.Series(0.0, index=frame.index)
        for known, asked in KFold(5, shuffle=True, random_state=seed).split(frame):
            model = lending.linear().fit(frame[columns].iloc[known], frame[outcome].iloc[known])
            p.iloc[asked] = model.predict_proba(frame[columns].iloc[asked])[:, 1]
        return p

    aware, unaware = out_of_fold(features + [protected]), out_of_fold(features)
    gap = unaware[~group].mean() - unaware[group].mean()
    error = np.sqrt(unaware[~group].var() / (~group).sum() + unaware[group].var() / group.sum())
    low, high = gap - 1.96 * error, gap + 1.96 * error
    verdict = "no gap seen" if low <= 0 <= high else "gap remains"
    return dict(gap_aware=aware[~group].mean() - aware[group].mean(), gap_unaware=gap, low=low, high=high, verdict=verdict)
