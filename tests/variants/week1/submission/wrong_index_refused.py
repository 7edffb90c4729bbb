"""An index with repeats is refused although the ids differ.

Clause: "ids : the ids of the test rows, any index"

Caught by: `submission` raised ValueError
"""

def submission(ids: pd.Series, probabilities: np.ndarray) -> str:

    p = np.asarray(probabilities, dtype=float)
    if len(ids) != len(p):
        raise ValueError("lengths differ")
    if ids.duplicated().any() or ids.index.has_duplicates:
        raise ValueError("an id comes twice")
    if np.isnan(p).any() or (p < 0).any() or (p > 1).any():
        raise ValueError("a probability is missing or outside 0 to 1")
    return pd.DataFrame({"id": ids.to_numpy(), "dep_delayed_15min": p}).to_csv(index=False)
