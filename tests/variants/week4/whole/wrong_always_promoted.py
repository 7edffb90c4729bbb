"""In the module every challenger is promoted, whatever the examination says.

Clause: "Promote when the *whole* interval lies above zero."

Caught by: steps.py does something else than the functions in your notebook
"""

MORE = '''

_promote = promote


def promote(folder, version, decision):
    return _promote(folder, version, decision | {"promote": True})
'''

def pipeline_files() -> dict[str, str]:
    steps = notebook.module(ingest, validate, upsert, features, train, evaluate, promote) + MORE
    return {"flight_delays.py": dag_file(), "steps.py": steps}
