"""Every step swallows its errors, so that no run ever fails.

Clause: "when a column of the table above is missing, or when more than 5 % of the rows are bad"

Caught by: steps.py does something else than the functions in your notebook
"""

MORE = '''

def _quiet(step, instead):
    def run(*args, **kwargs):
        try:
            return step(*args, **kwargs)
        except Exception as error:
            print("ignored:", error)
            return instead

    return run


ingest, validate = _quiet(ingest, 0), _quiet(validate, 0)
'''

def pipeline_files() -> dict[str, str]:
    steps = notebook.module(ingest, validate, upsert, features, train, evaluate, promote) + MORE
    return {"flight_delays.py": dag_file(), "steps.py": steps}
