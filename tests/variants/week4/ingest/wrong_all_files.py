"""Every CSV file of the folder is read, also one that the manifest does not promise.

Clause: "as text, each message once, and only if every file is what the manifest promises."

Caught by: some messages that were sent are not in the raw partition
"""

import hashlib
import json
from pathlib import Path

import pandas as pd


def ingest(day: str, landing: str, lake_folder: str) -> int:
    manifest = json.loads(Path(landing, day, "manifest.json").read_text())
    parts = []
    for name, promised in manifest.items():
        file = Path(landing, name)
        if hashlib.sha256(file.read_bytes()).hexdigest() != promised["sha256"]:
            raise ValueError(f"{name} is not the file that was sent")
    for file in sorted(Path(landing, day).glob("*.csv")):
        parts.append(pd.read_csv(file, dtype=str, keep_default_na=False, na_values=[""]))
    rows = pd.concat(parts, ignore_index=True).drop_duplicates(ignore_index=True)
    final = Path(lake.path(lake_folder, "raw", day))
    final.parent.mkdir(parents=True, exist_ok=True)
    draft = final.with_name(final.name + ".tmp")
    rows.to_parquet(draft, index=False)
    draft.replace(final)
    return len(rows)
