"""The csv module and a text buffer, row by row."""

import csv


def submission(ids, probabilities):
    if len(ids) != len(probabilities):
        raise ValueError("ids and probabilities do not have the same length")
    buffer, seen = io.StringIO(), set()
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(["id", "dep_delayed_15min"])
    for key, p in zip(ids.tolist(), probabilities.tolist()):
        if key in seen:
            raise ValueError(f"id {key} comes twice")
        if not 0 <= p <= 1:
            raise ValueError(f"id {key}: {p} is not a probability")
        seen.add(key)
        writer.writerow([key, p])
    return buffer.getvalue()
