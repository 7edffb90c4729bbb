"""Gives up after two minutes.

Caught by: gives up within a day
"""

def dag_file() -> str:
    return """
from datetime import timedelta

import pendulum
from airflow.sdk import CronDataIntervalTimetable, dag, task

from helpers import work

NEW_YORK = "America/New_York"
LANDING, LAKE, MODELS = (str(work.folder() / name) for name in ("landing", "lake", "mlflow"))


@dag(
    schedule=CronDataIntervalTimetable("0 0 * * *", timezone=NEW_YORK),
    start_date=pendulum.datetime(2013, 1, 1, tz=NEW_YORK),
    catchup=True,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=5)},
)
def flight_delays():
    @task.sensor(mode="reschedule", poke_interval=60, timeout=120)
    def arrived(ds=None):
        from pathlib import Path

        return Path(LANDING, ds, "manifest.json").exists()

    @task
    def ingest(ds=None):
        import steps

        return steps.ingest(ds, LANDING, LAKE)

    @task
    def validate(ds=None):
        import steps

        return steps.validate(ds, LAKE)

    @task
    def upsert(ds=None):
        import steps

        return steps.upsert(ds, LAKE)

    @task
    def features(day):
        import steps

        return steps.features(day, LAKE)

    @task.short_circuit
    def train(ds=None, dag_run=None):
        import steps

        return steps.train(ds, LAKE, MODELS, dag_run.conf.get("window", 28), dag_run.conf.get("holdout", 7))

    @task
    def evaluate(version, ds=None, dag_run=None):
        import steps

        return steps.evaluate(ds, LAKE, MODELS, version, dag_run.conf.get("holdout", 7))

    @task
    def promote(version, decision):
        import steps

        return steps.promote(MODELS, version, decision)

    changed, version = upsert(), train()
    arrived() >> ingest() >> validate() >> changed
    features.expand(day=changed) >> version
    promote(version, evaluate(version))


flight_delays()
"""

