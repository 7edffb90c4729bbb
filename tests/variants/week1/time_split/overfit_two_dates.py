"""Has the two dates of the check written in.

Clause: "test_from : first New York day of the test part, after ``valid_from``"

Caught by: flights are on the wrong side
"""

def time_split(
    flights: pd.DataFrame, valid_from: str, test_from: str
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:

    first, second = pd.Timestamp("2013-07-01 04:00", tz="UTC"), pd.Timestamp("2013-09-01 04:00", tz="UTC")
    when = flights["sched_dep"]
    return flights[when < first], flights[(when >= first) & (when < second)], flights[when >= second]
