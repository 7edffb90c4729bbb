"""Days of features, made up: lateness depends on the state of the airport."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import lake

NO_LABEL = 20  # one flight of so many


def days(last: str, n_days: int, seed: int, per_day: int = 60) -> dict[str, pd.DataFrame]:
    """Make partitions of features up to the day ``last``, by day; each twentieth flight has no label."""
    rng = np.random.default_rng(seed)
    return {day: _made_up(day, number, rng, per_day) for number, day in enumerate(lake.days_before(last, n_days - 1))}


def turned(table: pd.DataFrame) -> pd.DataFrame:
    """Return the same flights with late and punctual exchanged."""
    return table.assign(late=1 - table["late"])


def _made_up(day: str, number: int, rng: np.random.Generator, n: int) -> pd.DataFrame:
    delay = rng.normal(10.0, 20.0, n).round(1)
    late = (rng.random(n) < 1 / (1 + np.exp(1.5 - delay / 12))).astype(float)
    late[::NO_LABEL] = np.nan
    noon = pd.Timestamp(f"{day} 12:00", tz="America/New_York").tz_convert("UTC")
    return pd.DataFrame(
        {
            "flight_id": np.arange(n, dtype="int64") + 10_000 * number,
            "sched_dep": noon + pd.to_timedelta(rng.integers(-300, 500, n), unit="min"),
            "late": late,
            "departs": rng.integers(400, 1_200, n),
            "weekday": pd.Timestamp(day).dayofweek,
            "distance": rng.integers(100, 2_500, n).astype(float),
            "carrier": rng.choice(["UA", "B6", "DL"], n),
            "origin": rng.choice(["EWR", "JFK", "LGA"], n),
            "dest": rng.choice(["BOS", "ORD", "LAX", "ATL"], n),
            "origin_departed": rng.integers(0, 40, n).astype(float),
            "origin_delay": delay,
            "origin_waiting": rng.integers(0, 20, n).astype(float),
        }
    )
