"""Takes four hours from UTC all year, which is an hour wrong in winter.

Clause: "valid_from : first New York day of the validation part, e.g. "2013-07-01""

Caught by: flights are on the wrong side in winter, or when the clocks change
"""

def time_split(
    flights: pd.DataFrame, valid_from: str, test_from: str
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:

    local = flights["sched_dep"].dt.tz_localize(None) - pd.Timedelta("4h")
    first, second = pd.Timestamp(valid_from), pd.Timestamp(test_from)
    return flights[local < first], flights[(local >= first) & (local < second)], flights[local >= second]
