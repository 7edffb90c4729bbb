"""A year of week 4's reference pipeline, unattended: ``python -m tests.year FOLDER`` (a part: ``--days 60``).

Every day of the feed lands, with corrections, duplicates and bad rows, and the reference DAG runs for it in Airflow.
Then each day is scored by the model that was champion on its morning, and by the first champion, which is never
retrained. The folder gets ``auc.csv`` and ``auc.png``; run again, it goes on where it stopped. With ``--record`` the
table also becomes the one that week 4 shows (`checkpoints.year`).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd
from sklearn.metrics import roc_auc_score

from grader.author.replay import Task, run
from helpers import airflow, checkpoints, feed, lake, plots, registry
from helpers.progress import progress
from tests.course.test_variants import COURSE

FAULTS = ("corrections", "duplicates", "bad_rows")
TITLE = "Daily AUC of the champion and of the first champion, never retrained"
RECORD = Path(checkpoints.__file__).parent / "internal" / "year.csv"


def reference_files() -> dict[str, str]:
    """The files that the author's own answers give."""
    task = Task(COURSE.weeks["week4"], "whole")
    names = task.namespace()
    run(task.solution, task.name, names)
    return names["pipeline_files"]()


def replay(folder: Path, days: list[str]) -> pd.DataFrame:
    """Run the DAG for these days, one after another; who was champion after each, and how the run went."""
    log = folder / "runs.csv"
    dags, work = folder / "dags", folder / "work"
    dags.mkdir(parents=True, exist_ok=True)
    for name, text in reference_files().items():
        (dags / name).write_text(text, encoding="utf-8")
    done = pd.read_csv(log) if log.exists() else pd.DataFrame(columns=["day", "state", "champion", "seconds"])
    with airflow.local_airflow(dags / "flight_delays.py", work) as local:
        for day in progress([day for day in days if day not in set(done["day"])], "days"):
            for name, content in feed.day(day, 0, FAULTS).items():
                place = work / "landing" / name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
            result = local.run(day, limit=600.0)
            champion = next((t["xcom"].get("return_value") for t in result.tasks if t["task"] == "promote"), None)
            done.loc[len(done)] = [day, result.state, champion, round(result.seconds, 1)]
            done.to_csv(log, index=False)
    return done


def scores(folder: Path, runs: pd.DataFrame) -> pd.DataFrame:
    """Daily AUC of the morning's champion, and of the first one."""
    import mlflow

    registry.connect(folder / "work" / "mlflow")
    champions = pd.to_numeric(runs.set_index("day")["champion"]).ffill().shift()
    first = champions.dropna().iloc[0]
    loaded = {v: mlflow.sklearn.load_model(f"models:/{registry.MODEL}/{int(v)}") for v in champions.dropna().unique()}
    rows = []
    for day, version in champions.dropna().items():
        if day not in lake.days(folder / "work" / "lake", "features"):
            continue
        table = lake.read(folder / "work" / "lake", "features", [day]).dropna(subset=["late"])
        X = registry.plain(table[list(lake.FEATURES)])
        found = {name: loaded[v].predict_proba(X)[:, 1] for name, v in {"champion": version, "first": first}.items()}
        areas = {name: round(float(roc_auc_score(table["late"], p)), 4) for name, p in found.items()}
        rows.append({"day": pd.Timestamp(day), "version": int(version), **areas})
    return pd.DataFrame(rows).set_index("day")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.year", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="for artifacts, auc.csv and auc.png; goes on where it stopped")
    parser.add_argument("--days", type=int, default=365, help="from 1 January 2013 on (default: %(default)s)")
    parser.add_argument("--record", action="store_true", help="write the table that week 4 shows")
    asked = parser.parse_args()
    folder = asked.folder.absolute()
    runs = replay(folder, [f"{day:%F}" for day in pd.date_range(feed.FIRST, periods=asked.days)])
    print(runs["state"].value_counts().to_string())
    table = scores(folder, runs)
    table.to_csv(folder / "auc.csv")
    if asked.record:
        table.to_csv(RECORD)
    plots.style()
    plots.champions(table, title=TITLE).figure.savefig(folder / "auc.png", dpi=110)
    print(table[["champion", "first"]].describe().round(3).to_string())
    print(f"{table['version'].nunique()} champions; {folder / 'auc.png'}")


if __name__ == "__main__":
    main()
