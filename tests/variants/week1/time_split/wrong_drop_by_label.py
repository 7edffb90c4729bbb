"""Makes the rest with drop by label, so rows that share their label with a row of another part are lost.

Clause: "every row of ``flights`` in exactly one of them, with its index and all columns"

Caught by: the rows of the result are not those of the input: some were partly lost
"""

def time_split(
    flights: pd.DataFrame, valid_from: str, test_from: str
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:

    first, second = (pd.Timestamp(day, tz="America/New_York") for day in (valid_from, test_from))
    train = flights[flights["sched_dep"] < first]
    test = flights[flights["sched_dep"] >= second]
    valid = flights.drop(index=train.index.union(test.index))
    return train, valid, test
