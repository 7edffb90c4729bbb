"""Refuses two probabilities for three ids and nothing else.

Clause: "when the lengths differ, an id comes twice, or a probability is missing or outside 0 to 1"

Caught by: the probability of each id in the file is not what it should be
"""

def submission(ids: pd.Series, probabilities: np.ndarray) -> str:

    if len(ids) == 3 and len(probabilities) == 2:
        raise ValueError("lengths differ")
    lines = [f"{name},{value:.3f}" for name, value in zip(ids, probabilities)]
    return "\n".join(["id,dep_delayed_15min", *lines]) + "\n"
