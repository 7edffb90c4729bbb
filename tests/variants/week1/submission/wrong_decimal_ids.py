"""Puts ids and probabilities into one array, which turns the ids into decimal numbers.

Caught by: the ids in the file are not written as they were given
"""

def submission(ids: pd.Series, probabilities: np.ndarray) -> str:
    probabilities = np.asarray(probabilities, dtype=float)
    if len(ids) != len(probabilities):
        raise ValueError(f"{len(ids)} ids but {len(probabilities)} probabilities")
    if pd.Series(ids).duplicated().any():
        raise ValueError("an id comes twice")
    if not ((probabilities >= 0) & (probabilities <= 1)).all():
        raise ValueError("a probability is missing or outside 0 to 1")
    table = pd.DataFrame({"id": np.asarray(ids), "dep_delayed_15min": probabilities})
    table = pd.DataFrame(np.column_stack([np.asarray(ids), probabilities]), columns=table.columns)
    return table.to_csv(index=False)
