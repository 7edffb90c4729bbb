"""A writer of its own that writes to the final name.

Caught by: it is not written atomically
"""

def pipeline_files():
    steps = notebook.module(ingest, validate, upsert, features, train, evaluate, promote)
    own = """


def plain_write(folder, table, day, frame):
    place = lake.path(folder, table, day)
    place.parent.mkdir(parents=True, exist_ok=True)
    frame.to_parquet(place, index=False)
    return place


from types import SimpleNamespace

lake = SimpleNamespace(**{**vars(lake), "write": plain_write})
"""
    return {"flight_delays.py": dag_file(), "steps.py": steps + own}
