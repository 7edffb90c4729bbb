"""Messages of the feed compared as text, row by row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

import pandas as pd


def delivered(day: str, texts: Mapping[str, str]) -> dict[str, bytes]:
    """Return CSV texts, by name, as a day of the feed: its files and its manifest, by their paths below landing."""
    files = {f"{day}/{name}": text.encode() for name, text in texts.items()}
    manifest = {
        name: {"rows": content.count(b"\n") - 1, "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in files.items()
    }
    return {**files, f"{day}/manifest.json": json.dumps(manifest, indent=1).encode()}


def as_text(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with every value as text; one that is missing becomes empty."""
    return table.astype(object).where(table.notna(), "").astype(str)


def rows(table: pd.DataFrame) -> pd.Series:
    """Return each row of a table of text as one piece of text."""
    return table.agg("\x1f".join, axis=1) if len(table) else pd.Series("", index=table.index, dtype=object)
