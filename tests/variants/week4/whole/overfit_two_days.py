"""The module works on the check's two days and does nothing on all others.

Caught by: steps.py does something else than the functions in your notebook
"""

MORE = '''

def _only(step):
    def run(day, *args, **kwargs):
        return step(day, *args, **kwargs) if day in ("2013-02-07", "2013-02-08") else 0

    return run


ingest, validate, train = _only(ingest), _only(validate), _only(train)
'''

def pipeline_files() -> dict[str, str]:
    steps = notebook.module(ingest, validate, upsert, features, train, evaluate, promote) + MORE
    return {"flight_delays.py": dag_file(), "steps.py": steps}
