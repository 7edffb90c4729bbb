"""When a day is stopped, the clean partition of an earlier run stays there."""

import re
from datetime import datetime
from pathlib import Path

import pandas as pd


def _instant(text):
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", text):
        return False
    try:
        datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return False
    return True


def _matches(pattern):
    return lambda text: re.fullmatch(pattern, text) is not None


RULES = {
    "flight_id": _matches("[0-9]+"),
    "updated": _instant,
    "sched_dep": _instant,
    "status": {"scheduled", "departed", "arrived", "cancelled", "diverted"}.__contains__,
    "carrier": _matches("[A-Z0-9]{2}"),
    "origin": {"EWR", "JFK", "LGA"}.__contains__,
    "dest": _matches("[A-Z]{3}"),
    "distance": _matches("0*[1-9][0-9]*"),
    "dep_delay": _matches("-?[0-9]+"),
    "arr_delay": _matches("-?[0-9]+"),
}


def validate(day: str, lake_folder: str) -> int:
    raw = lake.read(lake_folder, "raw", [day]).reset_index(drop=True)
    missing = [name for name in RULES if name not in raw.columns]
    if missing:
        raise ValueError(f"no column {missing}")
    reasons = [[] for _ in range(len(raw))]
    for name, rule in RULES.items():
        for row, value in enumerate(raw[name]):
            if pd.isna(value):
                good = name in ("dep_delay", "arr_delay")
            else:
                good = rule(value)
            if not good:
                reasons[row].append(name)
    bad = pd.Series([len(names) > 0 for names in reasons], index=raw.index, dtype=bool)
    count = int(bad.sum())
    quarantine = raw[bad].assign(reason=[" and ".join(names) for names in reasons if names])
    lake.write(lake_folder, "quarantine", day, quarantine.reset_index(drop=True))
    if 20 * count > len(raw):
        raise ValueError(f"too much is wrong: {count} rows")
    clean = raw[~bad].reset_index(drop=True)
    clean["flight_id"] = clean["flight_id"].astype("int64")
    for name in ("updated", "sched_dep"):
        clean[name] = pd.to_datetime(clean[name], utc=True)
    for name in ("distance", "dep_delay", "arr_delay"):
        clean[name] = pd.to_numeric(clean[name]).astype(float)
    lake.write(lake_folder, "clean", day, clean)
    return count
