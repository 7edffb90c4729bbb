"""The day of the check is written into the file.

Caught by: the run waits for ever although the day's manifest has arrived
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
    catchup=True,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(seconds=10)},
)
def flight_delays():
    @task.sensor(mode="reschedule", poke_interval=60)
    def arrived(day="2013-02-07"):
        from pathlib import Path

        return Path(place("landing"), day, "manifest.json").exists()

    @task
    def ingest(day="2013-02-07"):
        import steps

        return steps.ingest(day, place("landing"), place("lake"))

    @task
    def validate(day="2013-02-07"):
        import steps

        return steps.validate(day, place("lake"))

    @task
    def upsert(day="2013-02-07"):
        import steps

        return steps.upsert(day, place("lake"))

    @task
    def features(date):
        import steps

        return steps.features(date, place("lake"))

    @task.short_circuit
    def train(day="2013-02-07", dag_run=None):
        import steps

        window, holdout = setting(dag_run, "window", 28), setting(dag_run, "holdout", 7)
        return steps.train(day, place("lake"), place("mlflow"), window, holdout)

    @task
    def evaluate(version, day="2013-02-07", dag_run=None):
        import steps

        return steps.evaluate(day, place("lake"), place("mlflow"), version, setting(dag_run, "holdout", 7))

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
