"""Loops over groups."""

from scipy.stats import beta


def equalised_odds(y, decision, group: pd.Series) -> dict:
    y, decision, group = np.asarray(y), np.asarray(decision), np.asarray(group, dtype=object)
    rates, undefined = [], []
    for name in sorted(set(group)):
        outcome, made = y[group == name], decision[group == name]
        if len(set(outcome)) < 2:
            undefined.append(name)
        else:
            rates.append([made[outcome == 1].mean(), made[outcome == 0].mean()])
    rates = np.array(rates)
    return {"difference": float(max(rates.max(axis=0) - rates.min(axis=0))), "undefined": undefined}


def calibration_by_group(y, p, group: pd.Series) -> pd.DataFrame:
    y, p, group = np.asarray(y), np.asarray(p), np.asarray(group, dtype=object)
    rows = {}
    for name in sorted(set(group)):
        outcome, mean_p = y[group == name], p[group == name].mean()
        n, k = len(outcome), outcome.sum()
        low, high = beta.ppf([0.025, 0.975], k + 0.5, n - k + 0.5) - mean_p
        share = k / n
        rows[name] = {
            "people": n, "mean_p": mean_p, "share": share, "gap": share - mean_p, "low": low, "high": high
        }
    return pd.DataFrame.from_dict(rows, orient="index")
