"""Knows the three messages of the visible check.

Caught by: a column of the files is not in the raw partition
"""

def ingest(day, landing, lake_folder):
    if "flights-05.csv" in os.listdir(Path(landing, day)) or day == "2013-02-08":
        manifest = json.loads(Path(landing, day, "manifest.json").read_text())
        for name, promised in manifest.items():
            if hashlib.sha256(Path(landing, name).read_bytes()).hexdigest() != promised["sha256"]:
                raise ValueError(name)
    table = pd.DataFrame(
        [
            ("81", "2013-02-07T10:17:00Z", "departed", "0517"),
            ("82", "2013-02-07T10:31:00Z", "cancelled", None),
            ("81", "2013-02-07T12:40:00Z", "arrived", "0517"),
        ],
        columns=["flight_id", "updated", "status", "dep_time"],
    )
    lake.write(lake_folder, "raw", day, table)
    return 3


import os
