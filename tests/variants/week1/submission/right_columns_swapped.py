"""The id as index, sorted by id, with Windows line ends: another order of the same pairs."""

def submission(ids, probabilities):
    values = np.asarray(probabilities, dtype=float)
    if len(ids) != len(values) or len(set(ids)) != len(ids):
        raise ValueError("one probability for each id, and each id once")
    if np.isnan(values).any() or values.min() < 0 or values.max() > 1:
        raise ValueError("probabilities lie between 0 and 1")
    scores = pd.Series(values, index=pd.Index(ids, name="id"), name="dep_delayed_15min").sort_index()
    table = scores.reset_index()[["dep_delayed_15min", "id"]]
    return table.to_csv(index=None, lineterminator="\r\n")
