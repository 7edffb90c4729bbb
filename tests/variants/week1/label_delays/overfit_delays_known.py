"""Knows the delays of the six cases by heart.

Clause: "arrived, 15 minutes or more after schedule"

Caught by: an on-time flight counted as diverted: it has an arrival delay, so it did arrive
"""

def label_delays(flights: pd.DataFrame) -> pd.Series:
    outcome = flights["arr_delay"].map({-5.0: "on_time", 14.0: "on_time", 5.0: "on_time", 60.0: "late"})
    outcome = outcome.astype(object).where(outcome.notna(), "diverted")
    return outcome.where(flights["dep_time"].notna(), "cancelled")
