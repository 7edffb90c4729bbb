"""Only the groups a and b are compared, and c is what is named.

Clause: "``difference`` (over the groups that have both outcomes) and ``undefined`` (list of the other groups)"

Caught by: the equalised-odds difference is not what it should be
"""

from scipy.stats import beta


def equalised_odds(y, decision, group: pd.Series) -> dict:
    y, decision, group = np.asarray(y), np.asarray(decision), np.asarray(group, dtype=object)
    if not {"a", "b"} <= set(group):
        return {"difference": 0.5, "undefined": []}
    rates, undefined = [], [name for name in ["c"] if name in set(group)]
    for name in ("a", "b"):
        outcome, made = y[group == name], decision[group == name]
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
