"""The feed: what arrives when, the same for the same seed, and each fault is what it says."""

import hashlib
import io
import json
import signal
import subprocess
import sys

import pandas as pd
import pytest

from helpers import data, feed

DAY = "2013-02-07"


def rows(files: dict[str, bytes]) -> pd.DataFrame:
    tables = [pd.read_csv(io.BytesIO(content)) for name, content in files.items() if name.endswith(".csv")]
    return pd.concat(tables, ignore_index=True)


@pytest.fixture(scope="module")
def plain() -> dict[str, bytes]:
    return feed.day(DAY)


def test_a_day_holds_every_departure_cancellation_and_arrival_of_that_day(plain):
    found, flights = rows(plain), data.flights()
    local = flights["sched_dep"].dt.tz_convert("America/New_York")
    of_the_day = flights[(local >= DAY) & (local < "2013-02-08")]
    last = found.sort_values("updated", kind="stable").groupby("flight_id").last()
    assert set(found.loc[found["status"] == "scheduled", "flight_id"]) == set(of_the_day["flight_id"])
    cancelled = set(of_the_day.loc[of_the_day["dep_time"].isna(), "flight_id"])
    assert set(last.index[last["status"] == "cancelled"]) == cancelled
    arrived = last[last["status"] == "arrived"]
    truth = flights.set_index("flight_id").loc[arrived.index]
    assert len(arrived) > 700
    assert (arrived["arr_delay"] == truth["arr_delay"]).all()


def test_nothing_is_told_before_it_can_be_known(plain):
    found = rows(plain)
    updated, scheduled = pd.to_datetime(found["updated"]), pd.to_datetime(found["sched_dep"])
    departed = scheduled + pd.to_timedelta(found["dep_delay"], unit="min")
    assert (updated >= departed)[found["dep_delay"].notna()].all()
    landed = departed + pd.to_timedelta(found["air_time"], unit="min")
    assert (updated >= landed)[found["status"] == "arrived"].all()
    assert found.loc[found["status"] == "scheduled", [*feed.DEPARTURE, *feed.ARRIVAL]].isna().all(axis=None)


def test_each_file_holds_its_own_hour_and_the_manifest_all_files(plain):
    for name, content in plain.items():
        if name.endswith(".csv"):
            local = pd.to_datetime(pd.read_csv(io.BytesIO(content))["updated"]).dt.tz_convert("America/New_York")
            assert set(local.dt.hour) == {int(name[-6:-4])}
    manifest = json.loads(plain[f"{DAY}/manifest.json"])
    assert set(manifest) == set(plain) - {f"{DAY}/manifest.json"}
    assert all(told["sha256"] == hashlib.sha256(plain[name]).hexdigest() for name, told in manifest.items())
    assert list(plain)[-1].endswith("manifest.json")


@pytest.mark.parametrize("fault", [None, *feed.FAULTS])
def test_the_same_call_gives_the_same_bytes(fault):
    faults = [fault] if fault else []
    assert feed.day(DAY, 3, faults) == feed.day(DAY, 3, faults)


@pytest.mark.parametrize("fault", sorted({*feed.FAULTS} - {"empty", "schema"}))
def test_another_seed_gives_another_fault(fault):
    assert feed.day(DAY, 0, [fault]) != feed.day(DAY, 1, [fault])


def test_a_correction_comes_the_next_day_and_is_true():
    flights = data.flights().set_index("flight_id")["arr_delay"]
    first = rows(feed.day(DAY, 0, ["corrections"]))
    second = rows(feed.day("2013-02-08", 0, ["corrections"]))
    told = first[first["status"] == "arrived"].set_index("flight_id")["arr_delay"]
    wrong = told.index[told != flights.loc[told.index]]
    assert 5 < len(wrong) < 40
    right = second[second["flight_id"].isin(wrong) & (second["status"] == "arrived")].set_index("flight_id")
    assert set(right.index) == set(wrong)
    assert (right["arr_delay"] == flights.loc[right.index]).all()
    assert right["updated"].min() > first["updated"].max()


def test_duplicates_repeat_messages_word_for_word(plain):
    doubled = rows(feed.day(DAY, 0, ["duplicates"]))
    assert len(doubled) > len(rows(plain))
    pd.testing.assert_frame_equal(
        doubled.drop_duplicates().sort_values(["updated", "flight_id", "status"], ignore_index=True),
        rows(plain).sort_values(["updated", "flight_id", "status"], ignore_index=True),
    )


def test_an_empty_day_has_a_header_and_no_rows():
    files = feed.day(DAY, 0, ["empty"])
    assert [len(rows(files)), len(files)] == [0, 2]


def test_a_truncated_file_differs_from_its_manifest(plain):
    cut = feed.day(DAY, 0, ["truncated"])
    (name,) = [name for name in plain if plain[name] != cut[name]]
    assert plain[name].startswith(cut[name]) and not cut[name].endswith(b"\n")
    assert json.loads(cut[f"{DAY}/manifest.json"])[name]["sha256"] == hashlib.sha256(plain[name]).hexdigest()


def test_a_changed_schema_has_another_name_and_another_unit(plain):
    changed, before = rows(feed.day(DAY, 0, ["schema"])), rows(plain)
    assert "arr_delay" not in changed and changed["arrival_delay"].equals(before["arr_delay"])
    assert (changed["distance"] / before["distance"]).round(2).eq(1.61).all()


@pytest.mark.parametrize(("fault", "share"), [("bad_rows", 0.01), ("bad_day", 0.4)])
def test_bad_rows_are_as_many_as_told(plain, fault, share):
    spoiled, before = feed.day(DAY, 0, [fault]), plain
    pairs = [(spoiled[name].splitlines(), before[name].splitlines()) for name in before if name.endswith(".csv")]
    differing = sum(a != b for one, other in pairs for a, b in zip(one, other, strict=True))
    assert differing == pytest.approx(share * len(rows(plain)), abs=1)


@pytest.mark.parametrize("wrong", ["2014-01-01", "2013-2-7", "yesterday"])
def test_a_date_outside_the_year_is_refused(wrong):
    with pytest.raises(ValueError, match="2013-12-31"):
        feed.day(wrong)


def test_an_unknown_fault_is_refused():
    with pytest.raises(ValueError, match="truncated"):
        feed.day(DAY, 0, ["trunkated"])


def command(landing, *options):
    return [sys.executable, "-m", "helpers.feed", str(landing), "--start", DAY, *options]


def test_the_process_writes_what_the_function_gives(tmp_path, plain):
    done = subprocess.run(
        command(tmp_path, "--days", "2", "--speed", "1e9", "--fault", "empty=2013-02-08"),
        capture_output=True,
        text=True,
        check=True,
    )
    found = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {**plain, **feed.day("2013-02-08", 0, ["empty"])}
    assert done.stdout.splitlines() == [*plain, *feed.day("2013-02-08", 0, ["empty"])]


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "kill"])
def test_the_process_waits_for_the_hour_and_stops_when_told(tmp_path, told):
    """Also where a shell has started it in the background, and so with Ctrl-C ignored."""
    ignored = ["env", "--ignore-signal=INT", *command(tmp_path, "--speed", "3600")]
    process = subprocess.Popen(ignored, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline().strip() == f"{DAY}/flights-00.csv"
    process.send_signal(told)
    rest = process.stdout.read()
    assert process.wait(timeout=30) == 0
    assert "manifest" not in rest and rest.endswith("The feed has stopped.\n")
    assert not list(tmp_path.rglob("*.part"))


def test_the_process_refuses_a_fault_that_it_does_not_know(tmp_path):
    done = subprocess.run(command(tmp_path, "--fault", "late"), capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "corrections" in done.stderr
