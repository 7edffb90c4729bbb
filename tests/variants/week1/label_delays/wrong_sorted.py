"""Joins the groups: the outcomes come in another order than the flights.

Caught by: it comes in another order
"""

def label_delays(flights):
    gone = flights["arr_delay"].isna()
    groups = {
        "on_time": flights[flights["arr_delay"] < 15], "late": flights[flights["arr_delay"] >= 15],
        "cancelled": flights[gone & flights["dep_time"].isna()], "diverted": flights[gone & flights["dep_time"].notna()],
    }
    outcome = pd.concat([pd.Series(name, index=rows.index) for name, rows in groups.items()])
    return outcome.sort_index()
