"""Operators and arrows instead of decorators."""

def dag_file():
    return """
import datetime as dt
from pathlib import Path

import pendulum
from airflow.providers.standard.operators.python import PythonOperator, ShortCircuitOperator
from airflow.providers.standard.sensors.python import PythonSensor
from airflow.sdk import DAG, CronDataIntervalTimetable

from helpers import work

ROOT = work.folder()


def there(day):
    return (ROOT / "landing" / day / "manifest.json").is_file()


def call(name, *arguments):
    import steps

    return getattr(steps, name)(*arguments)


def choose(day, conf):
    return call("train", day, str(ROOT / "lake"), str(ROOT / "mlflow"), conf.get("window", 28), conf.get("holdout", 7))


def judge(day, version, conf):
    return call("evaluate", day, str(ROOT / "lake"), str(ROOT / "mlflow"), version, conf.get("holdout", 7))


with DAG(
    "flight_delays",
    schedule=CronDataIntervalTimetable("0 0 * * *", timezone="America/New_York"),
    start_date=pendulum.datetime(2013, 1, 1, tz="America/New_York"),
    catchup=True,
    max_active_runs=1,
    render_template_as_native_obj=True,
    default_args={"retries": 3, "retry_delay": dt.timedelta(minutes=1)},
):
    lake = str(ROOT / "lake")
    wait = PythonSensor(task_id="wait", python_callable=there, op_args=["{{ ds }}"], mode="reschedule", poke_interval=30)
    take = PythonOperator(task_id="take", python_callable=call, op_args=["ingest", "{{ ds }}", str(ROOT / "landing"), lake])
    look = PythonOperator(task_id="look", python_callable=call, op_args=["validate", "{{ ds }}", lake])
    merge = PythonOperator(task_id="merge", python_callable=call, op_args=["upsert", "{{ ds }}", lake])
    build = PythonOperator.partial(task_id="build", python_callable=call).expand(
        op_args=merge.output.map(lambda day: ["features", day, str(ROOT / "lake")])
    )
    learn = ShortCircuitOperator(task_id="learn", python_callable=choose, op_args=["{{ ds }}", "{{ dag_run.conf }}"])
    examine = PythonOperator(task_id="examine", python_callable=judge, op_args=["{{ ds }}", learn.output, "{{ dag_run.conf }}"])
    crown = PythonOperator(task_id="crown", python_callable=call, op_args=["promote", str(ROOT / "mlflow"), learn.output, examine.output])
    wait >> take >> look >> merge >> build >> learn >> examine >> crown
"""
