"""A DAG as context manager, a classic PythonSensor, the context asked for at run time, a gate of its own."""

def dag_file() -> str:
    return '''from datetime import timedelta

import pendulum
from airflow.providers.standard.sensors.python import PythonSensor
from airflow.sdk import DAG, CronDataIntervalTimetable, get_current_context, task

NEW_YORK = "America/New_York"


def folders():
    from pathlib import Path

    from helpers import work

    return [str(Path(str(work.folder()), name)) for name in ("landing", "lake", "mlflow")]


def configured():
    conf = {"window": 28, "holdout": 7} | dict(get_current_context()["dag_run"].conf or {})
    return int(conf["window"]), int(conf["holdout"])


def manifest_there(ds):
    import os

    return os.path.exists(os.path.join(folders()[0], ds, "manifest.json"))


with DAG(
    dag_id="flight_delays",
    schedule=CronDataIntervalTimetable("0 0 * * *", timezone=NEW_YORK),
    start_date=pendulum.datetime(2013, 1, 1, tz=NEW_YORK),
    catchup=True,
    max_active_runs=1,
    default_args={"retries": 3, "retry_delay": timedelta(seconds=5)},
) as pipeline:
    arrived = PythonSensor(
        task_id="arrived", python_callable=manifest_there, mode="reschedule", poke_interval=60
    )

    @task
    def ingest(ds=None):
        from steps import ingest as step

        landing, lake, _ = folders()
        return step(ds, landing, lake)

    @task
    def validate(ds=None):
        from steps import validate as step

        return step(ds, folders()[1])

    @task
    def upsert(ds=None):
        from steps import upsert as step

        return list(step(ds, folders()[1]))

    @task
    def features(day):
        from steps import features as step

        return step(day, folders()[1])

    @task
    def train(ds=None):
        from steps import train as step

        _, lake, mlflow = folders()
        return step(ds, lake, mlflow, *configured())

    @task.short_circuit
    def is_there(version):
        return version > 0

    @task
    def evaluate(version, ds=None):
        from steps import evaluate as step

        _, lake, mlflow = folders()
        return step(ds, lake, mlflow, version, configured()[1])

    @task
    def promote(version, decision):
        from steps import promote as step

        return step(folders()[2], version, decision)

    ingested, validated, dates, version = ingest(), validate(), upsert(), train()
    built, gate = features.expand(day=dates), is_there(version)
    decision = evaluate(version)
    arrived >> ingested >> validated >> dates
    built >> version
    gate >> decision
    promote(version, decision)
'''
