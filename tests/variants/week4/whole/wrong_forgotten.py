"""Forgets a step.

Caught by: a run failed that must succeed
"""

def pipeline_files() -> dict[str, str]:
    steps = notebook.module(ingest, validate, features, train, evaluate, promote)
    return {"flight_delays.py": dag_file(), "steps.py": steps}
