"""Compares months only, so a part that begins in the middle of a month begins on its first.

Clause: "test_from : first New York day of the test part, after ``valid_from``"

Caught by: flights are on the wrong side
"""

def time_split(
    flights: pd.DataFrame, valid_from: str, test_from: str
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:

    month = flights["sched_dep"].dt.tz_convert("America/New_York").dt.month
    first, second = pd.Timestamp(valid_from).month, pd.Timestamp(test_from).month
    return flights[month < first], flights[(month >= first) & (month < second)], flights[month >= second]
