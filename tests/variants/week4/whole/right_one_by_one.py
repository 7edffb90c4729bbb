"""Joins the texts of single steps."""

def pipeline_files():
    names = [ingest, validate, upsert, features, train, evaluate, promote]
    return dict(zip(["steps.py", "flight_delays.py"], [notebook.module(*names), dag_file()]))
