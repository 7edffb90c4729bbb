"""One pandera schema, validated lazily."""

from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

INSTANT = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
RULES = {
    "flight_id": "[0-9]+",
    "updated": INSTANT,
    "sched_dep": INSTANT,
    "status": "scheduled|departed|arrived|cancelled|diverted",
    "carrier": "[A-Z0-9]{2}",
    "origin": "EWR|JFK|LGA",
    "dest": "[A-Z]{3}",
    "distance": "0*[1-9][0-9]*",
    "dep_delay": "-?[0-9]+",
    "arr_delay": "-?[0-9]+",
}
MAY_MISS = ["dep_delay", "arr_delay"]
SHAPE = "%Y-%m-%dT%H:%M:%SZ"


def _schema():
    def column(name, pattern):
        def holds(values):
            good = values.astype(str).str.fullmatch(pattern).astype(bool)
            if pattern == INSTANT:  # the thirtieth of February is none
                good &= pd.to_datetime(values, format=SHAPE, errors="coerce").notna()
            return good

        return pa.Column(None, pa.Check(holds), nullable=name in MAY_MISS)

    return pa.DataFrameSchema({name: column(name, pattern) for name, pattern in RULES.items()})


def validate(day: str, lake_folder: str) -> int:
    raw = lake.read(lake_folder, "raw", [day]).reset_index(drop=True)
    reasons = {}
    try:
        _schema().validate(raw, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        if cases["index"].isna().any():
            raise ValueError("another feed: a column is missing") from None
        for index, names in cases.groupby("index")["column"]:
            reasons[int(index)] = ", ".join(sorted(set(names)))
    bad = raw.index.isin(list(reasons))
    quarantine = raw[bad].assign(reason=[reasons[index] for index in raw.index[bad]])
    lake.write(lake_folder, "quarantine", day, quarantine.reset_index(drop=True))
    if len(reasons) / max(len(raw), 1) > 0.05:
        Path(lake.path(lake_folder, "clean", day)).unlink(missing_ok=True)
        raise ValueError(f"{len(reasons)} of {len(raw)} rows are bad")
    clean = raw[~bad].reset_index(drop=True)
    for name in ("updated", "sched_dep"):
        clean[name] = pd.to_datetime(clean[name], format=SHAPE, utc=True)
    clean = clean.astype(dict.fromkeys(["distance", "dep_delay", "arr_delay"], float) | {"flight_id": "int64"})
    lake.write(lake_folder, "clean", day, clean)
    return len(reasons)
