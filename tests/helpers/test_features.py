"""Features that a week is given: rows as they are asked about become the columns that training had."""

import json

import pandas as pd

from helpers import data, features


def test_a_row_that_comes_as_json_becomes_what_the_raw_table_says():
    flights = data.flights().sample(200, random_state=1)
    rows = flights[features.TIMETABLE].astype(dict.fromkeys(features.CATEGORIES, object)).assign(visib=10.0)
    rows.loc[rows.index[:5], "visib"] = None
    expected = features.schedule_features(flights)
    sent = pd.DataFrame(json.loads(rows.to_json(orient="records", date_format="iso")))
    for given in (rows, sent.set_axis(rows.index)):
        found = features.prepare(given)
        for column in expected:
            assert (
                found[column].astype(str).tolist() == expected[column].astype(found[column].dtype).astype(str).tolist()
            )
        assert found["visib"].isna().sum() == 5
        assert "sched_arr_time" not in found


def test_each_row_is_prepared_by_itself():
    rows = data.flights()[features.TIMETABLE].head(50)
    together = features.prepare(rows)
    pd.testing.assert_frame_equal(pd.concat([features.prepare(rows.iloc[[k]]) for k in range(50)]), together)
