"""roc_auc_score and pandas' group positions."""

def paired_bootstrap(y, score_a, score_b, groups, n_boot: int = 300, seed: int = 0) -> dict:

    y, a, b = np.asarray(y).astype(int), np.asarray(score_a, dtype=float), np.asarray(score_b, dtype=float)
    frame = pd.DataFrame({"group": np.asarray(groups)})
    rows = list(frame.groupby("group", sort=True).indices.values())
    random = np.random.RandomState(seed)
    differences = []
    while len(differences) < n_boot:
        drawn = random.choice(len(rows), size=len(rows), replace=True)
        at = np.concatenate([rows[k] for k in drawn])
        if y[at].min() == y[at].max():
            continue
        differences.append(roc_auc_score(y[at], a[at]) - roc_auc_score(y[at], b[at]))
    low, high = np.percentile(differences, [2.5, 97.5])
    winner = "a" if low > 0 else "b" if high < 0 else "none"
    difference = roc_auc_score(y, a) - roc_auc_score(y, b)
    return {"difference": float(difference), "low": float(low), "high": float(high), "winner": winner}
