"""A plain loop with the csv module and repr of each number."""

import csv


def submission(ids: pd.Series, probabilities: np.ndarray) -> str:
    ids, values = list(ids), [float("nan") if pd.isna(value) else float(value) for value in probabilities]
    if len(ids) != len(values) or len(set(ids)) != len(ids):
        raise ValueError("one probability for each id, and each id once")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "dep_delayed_15min"])
    for name, value in zip(ids, values):
        if not 0 <= value <= 1:
            raise ValueError(f"{value} is no probability")
        writer.writerow([name, repr(value)])
    return out.getvalue()
