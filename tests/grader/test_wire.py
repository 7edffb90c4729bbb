"""Plain data arrives as it was sent, and whatever else arrives is refused in one way."""

import copy
import datetime as dt
import json
import math
import socket
import struct
import threading
import zoneinfo
from collections import OrderedDict, namedtuple
from decimal import Decimal
from enum import Enum, IntEnum
from fractions import Fraction
from types import MappingProxyType

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import pytz
from dateutil.tz import gettz
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.engine import wire
from grader.engine.wire import Channel, Decoder, Encoder, WireError, by_name
from helpers import checks

plainly = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
Point = namedtuple("Point", "x y")


def message(value):
    """Encode a value: its tree, as JSON would carry it, and its blocks."""
    encoder = Encoder()
    tree = encoder.encode(value)
    return json.loads(json.dumps(tree)), encoder.blocks


def sent(value):
    """Encode a value and decode it again."""
    tree, blocks = message(value)
    return Decoder(blocks).decode(tree)


def same(left, right):
    """Equal in type and content, with NaN equal to NaN."""
    if isinstance(left, float) and isinstance(right, float):
        return (math.isnan(left) and math.isnan(right)) or (left, math.copysign(1, left)) == (
            right,
            math.copysign(1, right),
        )
    if isinstance(left, list | tuple):
        return type(left) is type(right) and len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return type(left) is type(right) and same(list(left.items()), list(right.items()))
    return type(left) is type(right) and left == right


# --- values ---

hashable = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.binary(max_size=8),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.decimals(allow_nan=False, places=3, min_value=-(10**9), max_value=10**9),
    st.fractions(),
    st.builds(range, st.integers(-9, 9), st.integers(-9, 9), st.sampled_from([-3, 1, 2])),
)
values = st.recursive(
    hashable | st.floats() | st.complex_numbers(allow_nan=False),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(hashable, inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.sets(hashable, max_size=4),
        st.frozensets(hashable, max_size=4),
    ),
    max_leaves=12,
)


@seed(1)
@plainly
@given(values)
def test_plain_values_arrive_as_they_were(value):
    assert same(sent(value), value)


@seed(2)
@plainly
@given(
    hnp.arrays(
        hnp.scalar_dtypes() | hnp.byte_string_dtypes() | hnp.unicode_string_dtypes(),
        hnp.array_shapes(min_dims=0, min_side=0),
    )
)
def test_arrays_of_every_kind_and_shape_arrive_as_they_were(array):
    for one in (array, array.T, array[..., ::-1] if array.ndim else array):
        arrived = sent(one)
        assert arrived.dtype.kind == one.dtype.kind
        assert arrived.shape == one.shape
        np.testing.assert_array_equal(arrived, one)
        assert arrived.flags.writeable


@pytest.mark.parametrize("dtype", [">f8", ">i4", ">M8[s]", "f2", "g", "G", "?", "m8[D]"])
def test_numbers_in_another_byte_order_and_of_rare_widths(dtype):
    array = np.arange(6).astype(dtype) if np.dtype(dtype).kind not in "mM" else np.arange(6).astype("i8").astype(dtype)
    arrived = sent(array.reshape(2, 3)[:, ::2])
    np.testing.assert_array_equal(arrived, array.reshape(2, 3)[:, ::2])
    assert arrived.dtype.isnative
    assert arrived.dtype == array.dtype.newbyteorder("=")


@pytest.mark.parametrize(
    "scalar", [np.float32(1.5), np.int8(-3), np.bool_(True), np.datetime64("2013-01-02", "D"), np.complex64(1j)]
)
def test_scalars_of_numpy_keep_their_type(scalar):
    assert type(sent(scalar)) is type(scalar)
    assert sent(scalar) == scalar
    assert sent(scalar).dtype == scalar.dtype


def test_arrays_of_objects_hold_what_they_held():
    ragged = np.empty(3, dtype=object)
    ragged[:] = [[1, 2], [3, 4], None]
    even = np.empty(2, dtype=object)
    even[0], even[1] = [1, 2], [3, 4]  # numpy would make a table of these
    for array in (ragged, even, np.array([["a", 1.5], [None, b"x"]], dtype=object), np.array(None, dtype=object)):
        assert sent(array).shape == array.shape
        assert sent(array).tolist() == array.tolist()
    assert sent(np.array([], dtype="U3")).dtype.kind == "U"


@pytest.mark.parametrize(
    "value",
    [
        *(pd.Timestamp("2013-01-02 03:04:05.678901234"), pd.Timestamp("2013-03-10 03:30", tz="America/New_York")),
        *(pd.Timestamp("2013-11-03 01:30", tz="UTC"), pd.Timedelta("1 days 00:00:00.000000001"), pd.NaT, pd.NA),
        *(pd.Timestamp("2013-01-02", unit="s"), pd.Interval(0, 1.5, "both"), pd.Period("2013-05", "M")),
        *(slice(None, 3), {1: 2}.keys(), {1: 2}.items(), Decimal("NaN"), 2**80, -(2**60), Fraction(1, 3)),
        *(dt.datetime(2013, 1, 2, tzinfo=dt.UTC), OrderedDict(a=1), Point(1, [2.5]), bytearray(b"x")),
    ],
    ids=repr,
)
def test_single_values_of_other_libraries(value):
    arrived = sent(value)
    assert str(arrived) == str(value) or arrived == value
    assert repr(getattr(arrived, "tz", None)) == repr(getattr(value, "tz", None))


def test_values_of_a_dictionary_can_be_walked():
    assert list(sent({"a": 1, "b": 1}.values())) == [1, 1]


def test_a_named_tuple_keeps_its_fields():
    point = sent([Point(1, "up")])[0]
    assert (point.x, point.y) == (1, "up")
    assert point == (1, "up")


def test_subclasses_come_as_what_they_hold():
    class Colour(str, Enum):  # noqa: UP042 (students write it so)
        red = "r"

    class Table(pd.DataFrame):
        pass

    level = IntEnum("Level", "low high")
    assert sent(Colour.red) == "r"
    assert sent([level.high]) == [2]
    assert type(sent(Table({"a": [1]}))) is pd.DataFrame
    assert sent(MappingProxyType({"a": 1})) == {"a": 1}
    assert type(sent(np.array([[1, 2]]).view(np.matrix))) is np.ndarray


# --- tables ---

ZONES = ["UTC", "America/New_York", zoneinfo.ZoneInfo("Europe/Berlin"), dt.timezone(dt.timedelta(hours=-5)), dt.UTC]
TIMES = pd.to_datetime(["2013-01-01 05:00:00.000", None, "2013-07-01 12:34:56.789"])
COLUMNS = {
    **{name: pd.array([1, None, 3], dtype=name) for name in sorted(wire.MASKED - {"boolean"})},
    "boolean": pd.array([True, None, False], dtype="boolean"),
    **{f"string {s}": pd.array(["a", None, ""], dtype=f"string[{s}]") for s in ("python", "pyarrow")},
    "string of NaN": pd.array(["a", None, "é"], dtype=pd.StringDtype("pyarrow", np.nan)),
    **{str(zone): TIMES.tz_localize("UTC").tz_convert(zone) for zone in ZONES},
    **{f"times in {unit}": TIMES.as_unit(unit) for unit in ("s", "ms", "us", "ns")},
    "differences": TIMES - TIMES[0],
    "periods": TIMES.to_period("D"),
    "quarters": TIMES.to_period("Q-NOV"),
    "intervals": pd.IntervalIndex.from_breaks([0, 1, 2, 5], closed="left"),
    "intervals of times": pd.IntervalIndex.from_breaks(pd.date_range("2013", periods=4)),
    "categories": pd.Categorical(["b", None, "a"], categories=["b", "a", "c"], ordered=True),
    "categories of ints": pd.Categorical([3, 1, 3]),
    "categories of dates": pd.Categorical(pd.to_datetime(["2013-01-02", "2013-01-01", None])),
    "bins": pd.cut([0.5, 9.0, 1.5], [0, 1, 2]),
    "floats": np.array([1.5, np.nan, -0.0]),
    "small": np.array([1, 2, 3], dtype="int8"),
    "half": np.array([1, 2, 3], dtype="float16"),
    "complex": np.array([1j, 2, 3]),
    "yes or no": np.array([True, False, True]),
    "texts": np.array(["a", None, "b"], dtype=object),
    "anything": np.array([1, "x", None], dtype=object),
    "whole numbers as objects": np.array([1, 2, 3], dtype=object),
    "lists": pd.Series([[1], [2, 3], []]).to_numpy(),
    "dates": np.array([dt.date(2013, 1, 1)] * 3, dtype=object),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_of_every_dtype_arrive_as_they_were(name):
    series = pd.Series(COLUMNS[name], name=("a", 1), index=pd.Index([5, 5, 7], name="flight"))
    pd.testing.assert_series_equal(sent(series), series)
    frame = pd.DataFrame({0: series, "other": 1.5})
    pd.testing.assert_frame_equal(sent(frame), frame)
    assert sent(frame).dtypes.equals(frame.dtypes)
    if name != "half":  # there are no indexes of these
        index = pd.Index(COLUMNS[name], dtype=series.dtype, name="when")
        pd.testing.assert_index_equal(sent(index), index, exact=True)
        empty = frame.iloc[:0]
        pd.testing.assert_frame_equal(sent(empty), empty)


def test_arrows_columns_come_in_the_dtypes_of_pandas():
    numbers = pd.Series([1, None], dtype=pd.ArrowDtype(pa.int64()))
    texts = pd.Series(["a", None], dtype=pd.ArrowDtype(pa.string()))
    assert str(sent(numbers).dtype) == "Int64"
    assert sent(numbers).isna().tolist() == [False, True]
    assert sent(texts).tolist() == ["a", pd.NA]


@pytest.mark.parametrize(
    "index",
    [
        pd.RangeIndex(2, 8, 3, name="place"),
        pd.Index([]),
        pd.Index([1, "a", None], dtype=object),
        pd.CategoricalIndex(["x", "y", "x"]),
        pd.date_range("2013-01-01", periods=4, freq="2h", name="hour"),
        pd.date_range("2013-03-09", periods=4, freq="D", tz="America/New_York"),
        pd.date_range("2013-01-31", periods=3, freq="BME"),
        pd.timedelta_range("1h", periods=3),
        pd.MultiIndex.from_product([["a", "b"], [1, 2]], names=["letter", None]),
        pd.MultiIndex.from_arrays([pd.to_datetime(["2013", None]), pd.Categorical(["u", "v"])]),
    ],
    ids=lambda index: type(index).__name__,
)
def test_indexes_arrive_with_names_and_frequency(index):
    arrived = sent(index)
    pd.testing.assert_index_equal(arrived, index, exact=True)
    assert getattr(arrived, "freq", None) == getattr(index, "freq", None)
    series = pd.Series(range(len(index)), index=index)
    pd.testing.assert_series_equal(sent(series), series)


def test_tables_with_odd_columns():
    doubled = pd.DataFrame([[1, "a", 2.5]], columns=["x", "x", None])
    levels = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", 1), ("a", 2)], names=["k", "n"]))
    empty = pd.DataFrame(index=pd.Index(["r", "s"], name="row"))
    for frame in (doubled, levels, empty, pd.DataFrame(), levels.T):
        pd.testing.assert_frame_equal(sent(frame), frame)


def test_remarks_on_a_table_stay_behind():
    frame = pd.DataFrame({"a": [1]})
    frame.attrs["remark"] = object()
    assert sent(frame).attrs == {}


@pytest.mark.parametrize("zone", [gettz("Europe/Berlin"), pytz.FixedOffset(-90)])
def test_a_zone_without_a_name_keeps_the_instants(zone):
    times = pd.Series(TIMES.tz_localize("UTC").tz_convert(zone))
    assert (sent(times) == times).tolist() == [True, False, True]


# --- what is not plain data ---


class Model:
    """Something that stays where it is."""


@pytest.mark.parametrize(
    "value",
    [Model(), [Model()], (n for n in "ab"), np.zeros(1, "i4,f8"), range(10**12)],
    ids=["object", "list of one", "generator", "structured array", "endless range"],
)
def test_other_objects_are_kept_or_refused(value):
    with pytest.raises(WireError):
        Encoder().encode(value)
    kept = Encoder(lambda one: {"t": "handle", "handle": 7}).encode(value)
    assert "handle" in json.dumps(kept)


@pytest.mark.parametrize("tag", ["handle", "helper"])
def test_a_handle_is_refused_where_none_may_be(tag):
    tree = {"t": tag, "handle": 1, "module": "os", "name": "getcwd"}
    for one in (
        tree,
        [tree],
        {"t": "dict", "v": [[tree, 1]]},
        {"t": "objects", "kind": "O", "shape": [1], "v": [tree]},
    ):
        with pytest.raises(WireError, match="handle"):
            Decoder([]).decode(one)


def test_only_helpers_travel_by_name():
    assert by_name(checks.call) == {"t": "helper", "module": "helpers.checks.calls", "name": "call"}
    for value in (np.mean, json.dumps, Model, len, 3, lambda: 1):
        assert by_name(value) is None


def test_what_holds_itself_is_refused():
    endless: list = []
    endless.append(endless)
    with pytest.raises(WireError, match="nested"):
        Encoder().encode(endless)


# --- forged messages ---

KEYS = (
    "t v b handle shape dtype index columns name names codes categories ordered zone freq mask kind storage nan closed"
)
TEXTS = "<f8 O U V9 U99999999 M8[ns] i4,f8 D dateutil//etc/passwd right 1E999999999 nan 2013-01-01 python"
words = st.sampled_from([*wire._DECODERS, *wire._COLUMN_DECODERS, *f"{KEYS} {TEXTS}".split(), "0x" + "f" * 90])
json_trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.integers(-2, 3) | st.floats() | st.text(max_size=5) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=6),
    max_leaves=25,
)


def refused_or_value(tree, blocks):
    try:
        Decoder(blocks).decode(tree)
    except WireError:
        return


@seed(3)
@settings(plainly, max_examples=400)
@given(json_trees, st.lists(st.binary(max_size=24), max_size=3))
def test_any_json_is_a_value_or_a_wire_error(tree, blocks):
    refused_or_value(tree, blocks)


EXAMPLES = [
    *({"column": pd.DataFrame({name: values})} for name, values in COLUMNS.items()),
    *([np.arange(6.0).reshape(2, 3), np.array(["a", "bc"]), b"xy"], [Point(1, 2), {1: {2}}, range(3), 2j]),
    *(pd.date_range("2013", periods=3, tz="UTC"), pd.MultiIndex.from_product([[1, 2], ["a"]]), pd.Period("2013", "D")),
    *(pd.Timestamp("2013", tz="UTC"), pd.Interval(0, 1), [Decimal("1.5"), Fraction(1, 2), dt.time(1), dt.timedelta(1)]),
]


def paths(tree, path=()):
    """Give the path of every part of a tree of JSON."""
    yield path
    inside = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in inside:
        yield from paths(value, (*path, key))


def put(tree, path, new):
    """Return the tree with something else at one path; with nothing there for ``...``."""
    if not path:
        return new
    tree = copy.deepcopy(tree)
    *way, last = path
    holder = tree
    for key in way:
        holder = holder[key]
    if new is ...:
        del holder[last]
    else:
        holder[last] = new
    return tree


@seed(4)
@settings(plainly, max_examples=600)
@given(st.data())
def test_a_changed_message_is_a_value_or_a_wire_error(data):
    tree, blocks = message(data.draw(st.sampled_from(EXAMPLES)))
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(list(paths(tree))))
        tree = put(tree, path, data.draw(json_trees | st.just(...) if path else json_trees))
    refused_or_value(tree, [block[: data.draw(st.integers(0, len(block)))] for block in blocks])


HUGE = 10**15


@pytest.mark.parametrize(
    "tree",
    [
        {"t": "range", "v": [0, HUGE, 1]},
        {"t": "range", "v": [0, 10**400, 1]},
        {"t": "range index", "name": None, "v": [0, HUGE, 1]},
        {"t": "array", "dtype": "<f8", "shape": [HUGE], "b": 0},
        {"t": "array", "dtype": "<f8", "shape": [2**28] * 8, "b": 0},
        {"t": "objects", "kind": "O", "shape": [2**28], "v": []},
        {"t": "objects", "kind": "U", "shape": [5000], "v": ["x" * 200_000, *[""] * 4999]},
        {"t": "decimal", "v": "1E999999999"},
        {"t": "int", "v": "0x" + "f" * 4000},
        {"t": "fraction", "v": [1.5, 2]},
        {"t": "zoned", "zone": "dateutil//etc/passwd", "v": {"t": "array", "dtype": "<M8[ns]", "shape": [1], "b": 0}},
        {"t": "named tuple", "names": ["a", "b"], "v": [1]},
        [{"t": "array", "dtype": "|u1", "shape": [1 << 20], "b": 1}] * 300,
    ],
    ids=lambda tree: str(tree)[:40],
)
def test_what_would_fill_the_memory_is_refused(tree):
    with pytest.raises(WireError):
        Decoder([b"\0" * 8, bytes(1 << 20)]).decode(tree)


def test_too_many_items_and_too_deep_nesting_are_refused(monkeypatch):
    monkeypatch.setattr(wire, "MOST_ITEMS", 100)
    with pytest.raises(WireError, match="too many items"):
        Decoder([]).decode([[0] * 60, [0] * 60])
    deep: list = []
    for _ in range(wire.DEEPEST + 5):
        deep = [deep]
    with pytest.raises(WireError, match="nested"):
        Decoder([]).decode(deep)


@seed(5)
@settings(plainly, max_examples=40)
@given(st.integers(wire.DEEPEST - 3, wire.DEEPEST), st.sampled_from([list, tuple, "dict", "series"]))
def test_what_may_be_sent_may_be_received(depth, kind):
    wrap = {"dict": lambda v: {"k": v}, "series": lambda v: pd.Series([v, v])}.get(kind, lambda v: kind([v]))
    value = 1
    for _ in range(depth if kind != "series" else depth // 4):
        value = wrap(value)
    sent(value)


# --- the channel ---


@pytest.fixture
def ends():
    left, right = socket.socketpair()
    with left, right:
        yield left, right


def test_a_large_message_passes_whole(ends):
    blocks = [bytes([n]) * (1 << n) for n in range(20)]
    sender = threading.Thread(target=Channel(ends[0]).send, args=({"a": [1, "é"]}, blocks))
    sender.start()
    assert Channel(ends[1]).receive() == ({"a": [1, "é"]}, blocks)
    sender.join()


@pytest.mark.parametrize(
    "header",
    [
        *(b"", b"null", b"[1]", b"{", b'{"tree": 1}', b'{"tree": 1, "sizes": 3}', b'{"tree": 1, "sizes": [-1]}'),
        *(b'{"tree": 1, "sizes": [true]}', b'{"tree": 1, "sizes": [1e9]}', b'{"tree": 1, "sizes": [999999999999]}'),
        *(b"[" * 200_000, b"\xff\xfe", b'{"tree": 1, "sizes": ["1"]}'),
    ],
    ids=lambda header: repr(header[:30]),
)
def test_a_header_that_is_none_is_a_wire_error(ends, header):
    sender = threading.Thread(target=ends[0].sendall, args=(struct.pack(">I", len(header)) + header,))
    sender.start()
    with pytest.raises(WireError):
        Channel(ends[1]).receive()
    sender.join()


def test_a_header_longer_than_any_is_not_waited_for(ends):
    ends[0].sendall(struct.pack(">I", 2**32 - 1))
    with pytest.raises(WireError, match="too long"):
        Channel(ends[1]).receive()


def test_the_end_of_the_other_side_is_told(ends):
    ends[0].sendall(struct.pack(">I", 100) + b"half")
    ends[0].close()
    with pytest.raises(EOFError):
        Channel(ends[1]).receive()


def test_more_than_the_limit_is_not_sent(ends, monkeypatch):
    monkeypatch.setattr(wire, "LARGEST", 1000)
    with pytest.raises(WireError, match="MiB"):
        Channel(ends[0]).send(None, [bytes(1001)])
