"""Joins the four groups and sorts by label, so a shuffled table gets its outcomes in another order.

Clause: "one for each flight, with the same index"

Caught by: the index of the outcomes is not that of the flights: it comes in another order
"""

def label_delays(flights: pd.DataFrame) -> pd.Series:
    never = flights[flights["dep_time"].isna()]
    left = flights[flights["dep_time"].notna()]
    parts = {
        "cancelled": never,
        "diverted": left[left["arr_delay"].isna()],
        "late": left[left["arr_delay"] >= 15],
        "on_time": left[left["arr_delay"] < 15],
    }
    pieces = [pd.Series(name, index=part.index, dtype=object) for name, part in parts.items()]
    return pd.concat(pieces).sort_index()
