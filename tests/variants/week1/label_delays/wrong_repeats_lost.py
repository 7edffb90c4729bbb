"""Collects by index label in a dictionary, so flights that share a label become one.

Clause: "one for each flight, with the same index"

Caught by: the rows of the result are not those of the input: some were partly lost
"""

def label_delays(flights: pd.DataFrame) -> pd.Series:
    outcome = {}
    for label, row in flights.iterrows():
        if np.isnan(row["dep_time"]):
            outcome[label] = "cancelled"
        elif np.isnan(row["arr_delay"]):
            outcome[label] = "diverted"
        else:
            outcome[label] = "late" if row["arr_delay"] >= 15 else "on_time"
    return pd.Series(outcome, dtype=object)
