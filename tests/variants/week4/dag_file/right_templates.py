"""The day comes to each task as a template, settings from the run's configuration with defaults."""

def dag_file() -> str:
    return '''
import pendulum
from airflow.sdk import CronDataIntervalTimetable, chain, dag, task

from helpers import work

ZONE, DAY = "America/New_York", "{{ ds }}"


def folder(name):
    return str(work.folder() / name)


@dag(
    dag_id="flight_delays",
    schedule=CronDataIntervalTimetable("0 0 * * *", timezone=ZONE),
    start_date=pendulum.datetime(2013, 1, 1, tz=ZONE),
    catchup=True,
    max_active_runs=1,
    default_args={"retries": 3},
)
def nightly():
    @task.sensor(mode="reschedule", poke_interval=300, timeout=2 * 86_400)
    def manifest(day):
        return (work.folder() / "landing" / day / "manifest.json").is_file()

    @task
    def bring(day):
        from steps import ingest

        return ingest(day, folder("landing"), folder("lake"))

    @task
    def split(day):
        from steps import validate

        return validate(day, folder("lake"))

    @task
    def merge(day):
        from steps import upsert

        return upsert(day, folder("lake"))

    @task
    def board(date):
        from steps import features

        return features(date, folder("lake"))

    @task.short_circuit
    def learn(day, dag_run=None):
        from steps import train

        asked = {"window": 28, "holdout": 7} | (dag_run.conf or {})
        return train(day, folder("lake"), folder("mlflow"), asked["window"], asked["holdout"])

    @task
    def judge(day, version, dag_run=None):
        from steps import evaluate

        holdout = (dag_run.conf or {}).get("holdout", 7)
        return evaluate(day, folder("lake"), folder("mlflow"), version, holdout)

    @task
    def crown(version, decision):
        from steps import promote

        return promote(folder("mlflow"), version, decision)

    dates, version = merge(DAY), learn(DAY)
    chain(manifest(DAY), bring(DAY), split(DAY), dates)
    board.expand(date=dates) >> version
    crown(version, judge(DAY, version))


nightly()
'''
