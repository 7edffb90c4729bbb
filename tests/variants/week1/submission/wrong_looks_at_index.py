"""Looks for doubles in the index and not among the ids.

Caught by: raised ValueError
"""

def submission(ids: pd.Series, probabilities: np.ndarray) -> str:
    probabilities = np.asarray(probabilities, dtype=float)
    if len(ids) != len(probabilities):
        raise ValueError(f"{len(ids)} ids but {len(probabilities)} probabilities")
    if ids.index.duplicated().any():
        raise ValueError("an id comes twice")
    if not ((probabilities >= 0) & (probabilities <= 1)).all():
        raise ValueError("a probability is missing or outside 0 to 1")
    table = pd.DataFrame({"id": np.asarray(ids), "dep_delayed_15min": probabilities})
    return table.to_csv(index=False)
