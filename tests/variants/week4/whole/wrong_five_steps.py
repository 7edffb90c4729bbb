"""steps.py lacks evaluate and promote, which come only when there is a version.

Clause: ""steps.py", a module with the seven steps."

Caught by: a step is missing in steps.py
"""

def pipeline_files() -> dict[str, str]:
    steps = notebook.module(ingest, validate, upsert, features, train)
    return {"flight_delays.py": dag_file(), "steps.py": steps}
