"""The steps are looked up by their names, in a small class with a dictionary."""

class Files(dict):
    NAMES = ("ingest", "validate", "upsert", "features", "train", "evaluate", "promote")

    def __init__(self):
        super().__init__()
        self["flight_delays.py"] = dag_file()
        self["steps.py"] = notebook.module(*(globals()[name] for name in self.NAMES))


def pipeline_files() -> dict[str, str]:
    return dict(Files())
