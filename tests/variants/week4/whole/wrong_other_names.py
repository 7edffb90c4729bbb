"""Calls the module otherwise than the DAG does.

Caught by: there is no steps.py among the files
"""

def pipeline_files() -> dict[str, str]:
    steps = notebook.module(ingest, validate, upsert, features, train, evaluate, promote)
    return {"flight_delays.py": dag_file(), "pipeline.py": steps}
