"""Counts in a crosstab; betaincinv."""

def equalised_odds(y, decision, group):
    y, decision, group = (np.asarray(values) for values in (y, decision, group))
    people = pd.crosstab(group, y).reindex(columns=[0, 1], fill_value=0)
    chosen = pd.crosstab(group, y, values=decision, aggfunc="sum").reindex(columns=[0, 1]).fillna(0)
    ok = (people > 0).all(axis=1)
    rate = chosen[ok] / people[ok]
    spread = rate.apply(np.ptp)
    return {"difference": spread.max(), "undefined": people.index[~ok].tolist()}


def calibration_by_group(y, p, group):
    from scipy.special import betaincinv

    rows = {}
    for name, rows_of in pd.Series(range(len(y))).groupby(np.asarray(group)):
        own_y, own_p = np.asarray(y)[rows_of], np.asarray(p)[rows_of]
        n, k, mean = len(own_y), own_y.sum(), own_p.mean()
        low, high = (betaincinv(k + 0.5, n - k + 0.5, q) - mean for q in (0.025, 0.975))
        rows[name] = dict(people=n, mean_p=mean, share=k / n, gap=k / n - mean, low=low, high=high)
    return pd.DataFrame.from_dict(rows, orient="index")
