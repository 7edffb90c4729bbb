"""The steps of the lake and those of the model in modules of their own; steps.py imports from both."""

def pipeline_files() -> dict[str, str]:
    return {
        "of_lake.py": notebook.module(ingest, validate, upsert, features),
        "of_model.py": notebook.module(train, evaluate, promote),
        "steps.py": "from of_lake import features, ingest, upsert, validate\nfrom of_model import evaluate, promote, train\n",
        "flight_delays.py": dag_file(),
    }
