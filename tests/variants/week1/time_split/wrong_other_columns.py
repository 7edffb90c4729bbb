"""Makes the date from year, month and day, columns that the function is not promised.

Clause: "Split flights by their scheduled departure."

Caught by: a table that has `sched_dep` and hardly any other column is not split
"""

def time_split(
    flights: pd.DataFrame, valid_from: str, test_from: str
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:

    day = pd.to_datetime(flights[["year", "month", "day"]])
    first, second = pd.Timestamp(valid_from), pd.Timestamp(test_from)
    return flights[day < first], flights[(day >= first) & (day < second)], flights[day >= second]
