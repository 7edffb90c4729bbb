"""The lake: partitions that are whole or not there."""

import pandas as pd
import pytest

from helpers import lake

DAY = "2013-02-07"


def test_a_partition_is_replaced_and_nothing_else_is_left(tmp_path):
    for value in (1, 2):
        place = lake.write(tmp_path, "raw", DAY, pd.DataFrame({"x": [value]}))
    assert lake.read(tmp_path, "raw", [DAY])["x"].tolist() == [2]
    assert [file.name for file in place.parent.iterdir()] == [place.name]


def test_a_write_that_fails_leaves_what_was_there(tmp_path):
    lake.write(tmp_path, "raw", DAY, pd.DataFrame({"x": [1]}))
    with pytest.raises(Exception, match="x"):
        lake.write(tmp_path, "raw", DAY, pd.DataFrame({"x": [1, "a"]}))
    assert lake.read(tmp_path, "raw", [DAY])["x"].tolist() == [1]
    assert len(list((tmp_path / "raw").iterdir())) == 1


def test_days_are_read_in_order_and_missing_ones_left_out(tmp_path):
    for day in ("2013-02-09", DAY):
        lake.write(tmp_path, "raw", day, pd.DataFrame({"day": [day]}))
    assert lake.days(tmp_path, "raw") == [DAY, "2013-02-09"]
    assert lake.read(tmp_path, "raw", ["2013-02-09", "2013-02-08", DAY])["day"].tolist() == [DAY, "2013-02-09"]
    with pytest.raises(FileNotFoundError, match="raw"):
        lake.read(tmp_path, "raw", ["2013-03-01"])


@pytest.mark.parametrize("kind", ["string", "object"])
def test_text_is_read_the_same_however_it_was_held(tmp_path, kind):
    lake.write(tmp_path, "raw", DAY, pd.DataFrame({"delay": ["12", None], "n": [1, 2]}).astype({"delay": kind}))
    table = lake.read(tmp_path, "raw", [DAY])
    assert table["delay"].dtype == object and table["delay"].tolist() == ["12", None]
    assert table["delay"].astype(float).notna().tolist() == [True, False]
    assert table["n"].dtype == "int64"


def test_days_before_a_day_cross_months_and_clock_changes():
    assert lake.days_before("2013-03-11", 2) == ["2013-03-09", "2013-03-10", "2013-03-11"]
    assert lake.days_before("2013-03-01", 2, 1) == ["2013-02-27", "2013-02-28"]
