"""Requests of the desk's contract, in the two forms in which they may come."""

from __future__ import annotations

import json
import math
from typing import Any

import pandas as pd

JSON, CSV = "application/json", "text/csv"


def records(X: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as JSON has them: a missing number is None."""
    return [
        {str(name): None if isinstance(value, float) and math.isnan(value) else value for name, value in row.items()}
        for row in X.to_dict("records")
    ]


def as_json(rows: pd.DataFrame | list[Any]) -> bytes:
    """Write a request in JSON, from a table or from rows as `records` gives them."""
    return json.dumps({"rows": records(rows) if isinstance(rows, pd.DataFrame) else rows}).encode()


def as_csv(X: pd.DataFrame) -> bytes:
    """Write a request in CSV."""
    return X.to_csv(index=False).encode()
