"""Days of an outage are not made up for.

Clause: "`catchup=True` for the days of an outage (off by default in Airflow 3)"

Caught by: after an outage the days in between would be left out (catchup is off)
"""

def dag_file() -> str:
    return '''from datetime import timedelta

import pendulum
from airflow.sdk import CronDataIntervalTimetable, dag, task


def place(name):
    from pathlib import Path

    from helpers import work

    return str(Path(work.folder()) / name)


def setting(dag_run, name, default):
    return int((dag_run.conf or {}).get(name, default))


@dag(
    schedule=CronDataIntervalTimetable("0 0 * * *", timezone="America/New_York"),
    start_date=pendulum.datetime(2013, 1, 1, tz="America/New_York"),
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(seconds=10)},
)
def flight_delays():
    @task.sensor(mode="reschedule", poke_interval=60)
    def arrived(ds=None):
        from pathlib import Path

        return Path(place("landing"), ds, "manifest.json").exists()

    @task
    def ingest(ds=None):
        import steps

        return steps.ingest(ds, place("landing"), place("lake"))

    @task
    def validate(ds=None):
        import steps

        return steps.validate(ds, place("lake"))

    @task
    def upsert(ds=None):
        import steps

        return steps.upsert(ds, place("lake"))

    @task
    def features(date):
        import steps

        return steps.features(date, place("lake"))

    @task.short_circuit
    def train(ds=None, dag_run=None):
        import steps

        window, holdout = setting(dag_run, "window", 28), setting(dag_run, "holdout", 7)
        return steps.train(ds, place("lake"), place("mlflow"), window, holdout)

    @task
    def evaluate(version, ds=None, dag_run=None):
        import steps

        return steps.evaluate(ds, place("lake"), place("mlflow"), version, setting(dag_run, "holdout", 7))

    @task
    def promote(version, decision):
        import steps

        return steps.promote(place("mlflow"), version, decision)

    dates = upsert()
    built = features.expand(date=dates)
    version = train()
    arrived() >> ingest() >> validate() >> dates
    built >> version
    promote(version, evaluate(version))


flight_delays()
'''
