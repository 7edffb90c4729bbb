"""The two texts, put together as the section says."""

def pipeline_files() -> dict[str, str]:
    steps = notebook.module(ingest, validate, upsert, features, train, evaluate, promote)
    return {"flight_delays.py": dag_file(), "steps.py": steps}
