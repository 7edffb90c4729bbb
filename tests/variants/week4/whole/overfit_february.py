"""Sees the check's month in the dates: of every other month no flight is brought in.

Caught by: steps.py does something else than the functions in your notebook
"""

MORE = '''

_upsert = upsert


def upsert(day, lake_folder):
    return _upsert(day, lake_folder) if day.startswith("2013-02") else []
'''


def pipeline_files() -> dict[str, str]:
    steps = notebook.module(ingest, validate, upsert, features, train, evaluate, promote) + MORE
    return {"flight_delays.py": dag_file(), "steps.py": steps}
