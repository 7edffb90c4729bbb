"""Lets a missing column end in a KeyError.

Caught by: must raise ValueError, not KeyError
"""

def validate(day: str, lake_folder: str) -> int:
    raw = lake.read(lake_folder, "raw", [day]).astype(object)
    bad = pd.Series("", index=raw.index)
    try:
        pa.DataFrameSchema({name: _column(name, rule) for name, rule in RULES.items()}).validate(raw, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        if cases["index"].isna().any():
            raise KeyError(f"{day}: the feed has changed: {cases.to_dict('records')}") from None
        for row, found in cases.groupby("index"):
            bad[row] = "; ".join(f"{case.column}: {case.check}" for case in found.itertuples())
    wrong = bad != ""
    lake.write(lake_folder, "quarantine", day, raw[wrong].assign(reason=bad[wrong]))
    if wrong.mean() > MOST_BAD:
        raise ValueError(f"{day}: {wrong.mean():.0%} of the messages are bad, more than {MOST_BAD:.0%}")
    good = raw[~wrong]
    instants = {name: pd.to_datetime(good[name], utc=True) for name in ("updated", "sched_dep")}
    numbers = {name: good[name].astype(float) for name in ("distance", "dep_delay", "arr_delay")}
    lake.write(
        lake_folder, "clean", day, good.assign(**instants, **numbers, flight_id=good["flight_id"].astype("int64"))
    )
    return int(wrong.sum())


MOST_BAD = 0.05
INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
RULES = {
    "flight_id": r"\d+", "updated": INSTANT, "sched_dep": INSTANT, "carrier": "[A-Z0-9]{2}", "origin": "EWR|JFK|LGA",
    "status": "scheduled|departed|arrived|cancelled|diverted", "dest": "[A-Z]{3}", "distance": r"0*[1-9]\d*",
    "dep_delay": r"-?\d+", "arr_delay": r"-?\d+",
}  # fmt: skip


def _column(name, rule):
    return pa.Column(checks=pa.Check.str_matches(f"^(?:{rule})$"), nullable=name.endswith("_delay"))

