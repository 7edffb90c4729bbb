"""Steps in a module of their own, which steps.py imports."""

def pipeline_files():
    text = notebook.module(ingest, validate, upsert, features, train, evaluate, promote)
    names = "ingest, validate, upsert, features, train, evaluate, promote"
    return {"delays_impl.py": text, "steps.py": f"from delays_impl import {names}\n", "flight_delays.py": dag_file()}
