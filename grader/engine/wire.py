"""Values between the examiner and a student's kernel: plain data by copy, within limits. Never pickle, never code.

A message is a header in JSON and raw blocks of bytes, over a stream socket. Both ends use this module, and neither
trusts the other to have used it: :func:`Decoder.decode` accepts exact types, checked sizes and nothing else. What is
not plain data (a fitted model, a function) stays where it is and travels as a number, its *handle*.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import socket
import struct
import warnings
from collections import namedtuple
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from types import FunctionType
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pytz

LARGEST = 256 << 20  # bytes of one message
LONGEST_HEADER = 64 << 20  # bytes of JSON, which as Python's objects take many times as much
LONGEST_RANGE = LARGEST // 8  # items: what a test makes of a range must fit into a message too
LONGEST_FREQUENT = 200_000  # an index of times up to this length keeps its frequency, which takes time to check
DEEPEST = 20  # containers within containers
MOST_ITEMS = 2_000_000  # items of all lists in one message
RAW_KINDS = "biufcMm"  # numpy kinds that are plain numbers in memory
NUMBERS = [f"{sign}Int{bits}" for sign in ("", "U") for bits in (8, 16, 32, 64)] + ["Float32", "Float64"]
MASKED = {*NUMBERS, "boolean"}
OFFSET = re.compile(r"UTC[+-]\d\d:\d\d")

Tree = Any  # what JSON can hold
_pandas: Any = pd  # takes more than its type stubs know of


class WireError(ValueError):
    """A value that cannot travel, or a message that is not what it should be."""


@dataclass
class Channel:
    """One end of the connection."""

    connection: socket.socket

    def send(self, tree: Tree, blocks: list[bytes]) -> None:
        """Send one message."""
        header = json.dumps({"tree": tree, "sizes": [len(block) for block in blocks]}).encode()
        if len(header) > LONGEST_HEADER or len(header) + sum(map(len, blocks)) > LARGEST:
            raise WireError(f"more than {LARGEST >> 20} MiB in one value")
        self.connection.sendall(struct.pack(">I", len(header)) + header)
        for block in blocks:
            self.connection.sendall(block)

    def receive(self) -> tuple[Tree, list[bytes]]:
        """Wait for one message.

        Raises
        ------
        EOFError
            when the other end is gone
        WireError
            when what comes is no message
        """
        (length,) = struct.unpack(">I", self._exactly(4))
        _require(length <= LONGEST_HEADER, "the header is too long")
        try:
            header = json.loads(self._exactly(length))
            tree, sizes = header["tree"], header["sizes"]
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise WireError("the header is not JSON of the expected form") from error
        _require(isinstance(sizes, list) and all(type(n) is int and n >= 0 for n in sizes), "sizes are not numbers")
        _require(length + sum(sizes) <= LARGEST, "the message is too long")
        return tree, [self._exactly(size) for size in sizes]

    def _exactly(self, size: int) -> bytes:
        received = bytearray(size)
        view = memoryview(received)
        while view:
            count = self.connection.recv_into(view)
            if count == 0:
                raise EOFError("the other end is gone")
            view = view[count:]
        return bytes(received)


def _require(condition: object, problem: str) -> None:
    if not condition:
        raise WireError(problem)


# --- sending ---


@dataclass
class Encoder:
    """Turns one value into a tree of JSON and blocks of bytes.

    ``keep`` gives the handle of an object that is not plain data; without it such an object is an error.
    """

    keep: Callable[[Any], Tree] | None = None
    blocks: list[bytes] = field(default_factory=list)

    def encode(self, value: Any, depth: int = 0) -> Tree:
        """Encode a value; subclasses of plain types are sent as the plain type.

        Raises
        ------
        WireError
            when the value, or one within it, cannot travel
        """
        _require(depth <= DEEPEST, "containers are nested too deep, or hold themselves")
        if value is None or type(value) in (bool, str) or (type(value) is float and math.isfinite(value)):
            return value
        for kinds, encode in _ENCODERS:
            if isinstance(value, kinds):
                return encode(self, value, depth)
        return self._kept(value)

    def _kept(self, value: Any) -> Tree:
        if self.keep is None:
            raise WireError(f"a {type(value).__name__} cannot be sent")
        return self.keep(value)

    def _items(self, values: Any, depth: int) -> list[Tree]:
        return [self.encode(value, depth + 1) for value in values]

    def _tagged(self, tag: str) -> Callable[[Any, int], Tree]:
        return lambda values, depth: {"t": tag, "v": self._items(values, depth)}

    def _int(self, value: int, depth: int) -> Tree:
        return {"t": "int", "v": hex(value)} if abs(value) >> 53 else int(value)

    def _float(self, value: float, depth: int) -> Tree:
        value = float(value)
        return value if math.isfinite(value) else {"t": "float", "v": repr(value)}

    def _scalar(self, value: np.generic, depth: int) -> Tree:
        if value.dtype.kind not in RAW_KINDS:
            return self._kept(value)
        return {"t": "scalar", "v": self.array(np.asarray(value), depth)}

    def _tuple(self, value: tuple[Any, ...], depth: int) -> Tree:
        names = getattr(type(value), "_fields", None)
        tree = {"t": "tuple", "v": self._items(value, depth)}
        return tree if names is None else {**tree, "t": "named tuple", "names": [str(name) for name in names]}

    def _mapping(self, value: Mapping[Any, Any], depth: int) -> Tree:
        return {"t": "dict", "v": [self._items(item, depth) for item in value.items()]}

    def _range(self, value: range, depth: int) -> Tree:
        if _length(value) > LONGEST_RANGE:
            return self._kept(value)
        return {"t": "range", "v": self._items((value.start, value.stop, value.step), depth)}

    def _block(self, content: bytes) -> int:
        self.blocks.append(content)
        return len(self.blocks) - 1

    def array(self, array: np.ndarray, depth: int = 0) -> Tree:
        """Encode an array: numbers as their bytes in this machine's order, everything else item by item."""
        array, shape = np.asarray(array), list(np.shape(array))
        if array.dtype.kind in RAW_KINDS:
            native = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("="))
            return {"t": "array", "dtype": native.dtype.str, "shape": shape, "b": self._block(native.tobytes())}
        if array.dtype.kind not in "OUST":
            return self._kept(array)
        kind = "U" if array.dtype.kind in "UT" else array.dtype.kind
        items = self._items(array.astype(object).ravel().tolist(), depth)
        return {"t": "objects", "kind": kind, "shape": shape, "v": items}

    def _column(self, values: Any, depth: int) -> Tree:
        """Encode what a Series, a column or an index holds, of whichever dtype."""
        if isinstance(values.dtype, pd.ArrowDtype):
            values = _without_arrow(values)
        for kind, encode in _COLUMNS:
            if isinstance(values.dtype, kind):
                return encode(self, values, depth)
        if str(values.dtype) in MASKED:
            plain = values.to_numpy(values.dtype.numpy_dtype, na_value=values.dtype.type(0))
            return {"t": "masked", "mask": self.array(np.asarray(values.isna())), "v": self.array(plain)}
        return self.array(np.asarray(values), depth)

    def _categorical(self, values: Any, depth: int) -> Tree:
        tree = {"t": "categorical", "codes": self.array(np.asarray(values.codes)), "ordered": bool(values.ordered)}
        return {**tree, "categories": self._index(values.categories, depth)}

    def _zoned(self, values: Any, depth: int) -> Tree:
        plain = values.tz_convert("UTC").tz_localize(None).to_numpy()
        return {"t": "zoned", "zone": _zone_name(values.tz), "v": self.array(np.asarray(plain))}

    def _string(self, values: Any, depth: int) -> Tree:
        texts = [None if missing else str(text) for text, missing in zip(values, values.isna(), strict=True)]
        dtype = values.dtype
        return {"t": "string", "storage": str(dtype.storage), "nan": dtype.na_value is not pd.NA, "v": texts}

    def _period(self, values: Any, depth: int) -> Tree:
        return {"t": "period", "freq": values.freqstr, "v": self.array(values.asi8)}

    def _interval(self, values: Any, depth: int) -> Tree:
        sides = [self._column(side.array, depth) for side in (values.left, values.right)]
        return {"t": "interval", "closed": values.closed, "v": sides}

    def _frame(self, frame: pd.DataFrame, depth: int) -> Tree:
        columns = [self._column(frame.iloc[:, index].array, depth + 1) for index in range(frame.shape[1])]
        names, rows = self._index(frame.columns, depth), self._index(frame.index, depth)
        return {"t": "frame", "columns": names, "index": rows, "v": columns}

    def _series(self, series: pd.Series, depth: int) -> Tree:
        name, rows = self.encode(series.name, depth + 1), self._index(series.index, depth)
        return {"t": "series", "name": name, "index": rows, "v": self._column(series.array, depth + 1)}

    def _index(self, index: pd.Index, depth: int) -> Tree:
        if isinstance(index, pd.RangeIndex):
            bounds = [int(index.start), int(index.stop), int(index.step)]
            return {"t": "range index", "name": self.encode(index.name, depth + 1), "v": bounds}
        names = [self.encode(name, depth + 1) for name in index.names]
        if isinstance(index, pd.MultiIndex):
            levels = [self._column(index.get_level_values(k).array, depth + 1) for k in range(index.nlevels)]
            return {"t": "multi index", "names": names, "v": levels}
        return {"t": "index", "name": names[0], "freq": _frequency(index), "v": self._column(index.array, depth + 1)}

    def _instant(self, value: Any, depth: int) -> Tree:
        zone = getattr(value, "tz", None)
        plain = value.tz_convert("UTC").tz_localize(None) if zone is not None else value
        tag = "timestamp" if isinstance(value, pd.Timestamp) else "pandas timedelta"
        return {"t": tag, "zone": _zone_name(zone), "v": self.array(np.asarray(plain.to_numpy()))}


# Tried in this order: a subclass stands before what it is a subclass of.
_ENCODERS: list[tuple[Any, Callable[[Encoder, Any, int], Tree]]] = [
    (str, lambda e, value, depth: str.__str__(value)),
    (bytes | bytearray, lambda e, value, depth: {"t": "bytes", "b": e._block(bytes(value))}),
    (np.bool_, lambda e, value, depth: e._scalar(value, depth)),
    (np.generic, lambda e, value, depth: e._scalar(value, depth)),
    (int, lambda e, value, depth: e._int(value, depth)),
    (float, lambda e, value, depth: e._float(value, depth)),
    (pd.DataFrame, lambda e, value, depth: e._frame(value, depth)),
    (pd.Series, lambda e, value, depth: e._series(value, depth)),
    (pd.Index, lambda e, value, depth: e._index(value, depth)),
    (np.ndarray, lambda e, value, depth: e.array(value, depth)),
    (pd.api.extensions.ExtensionArray, lambda e, value, depth: {"t": "extension", "v": e._column(value, depth)}),
    (Mapping, lambda e, value, depth: e._mapping(value, depth)),
    (type({}.keys()), lambda e, value, depth: e._tagged("keys")(value, depth)),
    (type({}.values()), lambda e, value, depth: e._tagged("values")(value, depth)),
    (type({}.items()), lambda e, value, depth: e._tagged("items")(value, depth)),
    (tuple, lambda e, value, depth: e._tuple(value, depth)),
    (list, lambda e, value, depth: e._items(value, depth)),
    (set, lambda e, value, depth: e._tagged("set")(value, depth)),
    (frozenset, lambda e, value, depth: e._tagged("frozenset")(value, depth)),
    (range, lambda e, value, depth: e._range(value, depth)),
    (slice, lambda e, value, depth: e._tagged("slice")((value.start, value.stop, value.step), depth)),
    (complex, lambda e, value, depth: e._tagged("complex")((value.real, value.imag), depth)),
    (Decimal, lambda e, value, depth: {"t": "decimal", "v": str(value)}),
    (Fraction, lambda e, value, depth: e._tagged("fraction")((value.numerator, value.denominator), depth)),
    (type(pd.NaT) | type(pd.NA), lambda e, value, depth: {"t": "missing", "v": str(value)}),
    (pd.Timestamp | pd.Timedelta, lambda e, value, depth: e._instant(value, depth)),
    (pd.Period, lambda e, value, depth: {"t": "one period", "freq": value.freqstr, "v": e.encode(value.ordinal)}),
    (
        pd.Interval,
        lambda e, v, depth: {"t": "one interval", "closed": v.closed, "v": e._items((v.left, v.right), depth)},
    ),
    (dt.datetime, lambda e, value, depth: {"t": "datetime", "v": value.isoformat()}),
    (dt.date, lambda e, value, depth: {"t": "date", "v": value.isoformat()}),
    (dt.time, lambda e, value, depth: {"t": "time", "v": value.isoformat()}),
    (dt.timedelta, lambda e, v, depth: {"t": "timedelta", "v": [v.days, v.seconds, v.microseconds]}),
]
_COLUMNS: list[tuple[type, Callable[[Encoder, Any, int], Tree]]] = [
    (pd.CategoricalDtype, Encoder._categorical),
    (pd.DatetimeTZDtype, Encoder._zoned),
    (pd.StringDtype, Encoder._string),
    (pd.PeriodDtype, Encoder._period),
    (pd.IntervalDtype, Encoder._interval),
]


def _without_arrow(values: Any) -> Any:
    """Return the same values in pandas' own dtypes: Arrow's memory is not taken over from an untrusted end."""
    own = {**{pa.from_numpy_dtype(name.lower()): pd.api.types.pandas_dtype(name) for name in NUMBERS}}
    own |= {pa.bool_(): pd.BooleanDtype(), pa.string(): pd.StringDtype(), pa.large_string(): pd.StringDtype()}
    return pa.chunked_array(values.__arrow_array__()).to_pandas(types_mapper=own.get).array


def _frequency(index: pd.Index) -> str | None:
    """Return the frequency of an index of times, if its name is enough to find it again."""
    known = getattr(index, "freq", None)
    if isinstance(index, pd.PeriodIndex) or known is None or len(index) > LONGEST_FREQUENT:
        return None
    try:
        return known.freqstr if pd.tseries.frequencies.to_offset(known.freqstr) == known else None
    except ValueError:  # offsets with calendars of their own have no name that could be read again
        return None


def _zone_name(zone: dt.tzinfo | None) -> str | None:
    """Return a name that :func:`_zone` understands; a zone without one becomes UTC, which means the same instants."""
    if zone is None:
        return None
    name = str(zone)
    if isinstance(zone, ZoneInfo) and name in pytz.all_timezones_set:
        return f"zoneinfo {name}"
    offset = zone.utcoffset(None) if not isinstance(zone, ZoneInfo) else None
    if name not in pytz.all_timezones_set and offset is not None:
        minutes = int(offset.total_seconds()) // 60
        name = f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    return name if name in pytz.all_timezones_set or OFFSET.fullmatch(name) else "UTC"


def by_name(value: Any) -> Tree | None:
    """Encode a function or class of the course's ``helpers`` by its name; None for anything else."""
    module, name = getattr(value, "__module__", ""), getattr(value, "__qualname__", "")
    known = isinstance(value, FunctionType | type) and module.split(".")[0] == "helpers" and name.isidentifier()
    return {"t": "helper", "module": module, "name": name} if known else None


# --- receiving ---


@dataclass
class Decoder:
    """Turns a tree and its blocks back into a value, or raises :class:`WireError`.

    ``refer`` makes something of a handle's tree; without it handles are refused.
    """

    blocks: list[bytes]
    refer: Callable[[dict[str, Any]], Any] | None = None
    items: int = 0
    copied: int = 0
    named: dict[tuple[str, ...], Any] = field(default_factory=dict)

    def decode(self, tree: Tree, depth: int = 0) -> Any:
        """Decode a tree of any form whatever: its author is untrusted.

        Raises
        ------
        WireError
            when it is not what :class:`Encoder` makes
        """
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of pandas, about words that only a forged message holds
                return self._decode(tree, depth)
        except WireError:
            raise
        except Exception as error:  # numpy and pandas raise many kinds for data that makes no sense
            raise WireError(f"a value that makes no sense ({type(error).__name__})") from error

    def _decode(self, tree: Tree, depth: int) -> Any:
        if tree is None or type(tree) in (bool, int, float, str):
            return tree
        _require(depth <= DEEPEST + 2, "nested too deep")
        if type(tree) is list:
            return self._list(tree, depth)
        _require(type(tree) is dict, "not a value")
        tag = tree.get("t")
        if tag in ("handle", "helper"):
            _require(self.refer, "a handle where none may be")
            return self.refer(tree)  # type: ignore[misc]
        _require(tag in _DECODERS, "an unknown kind of value")
        return _DECODERS[tag](self, tree, depth)

    def _list(self, values: Any, depth: int) -> list[Any]:
        self._count(len(_list(values)))
        return [self._decode(value, depth + 1) for value in values]

    def _count(self, more: int) -> None:
        self.items += more
        _require(self.items <= MOST_ITEMS, "too many items")

    def _pairs(self, tree: dict[str, Any], depth: int) -> dict[Any, Any]:
        pairs = [self._list(pair, depth) for pair in _list(tree["v"])]
        _require(all(len(pair) == 2 for pair in pairs), "not pairs")
        return {key: value for key, value in pairs}  # noqa: C416 (a key that cannot be hashed is an error here)

    def _named_tuple(self, tree: dict[str, Any], depth: int) -> Any:
        names, values = tuple(_text(name, 100) for name in _list(tree["names"])), self._list(tree["v"], depth)
        _require(len(names) == len(values) <= 200, "names for other values")
        if names not in self.named:
            _require(len(self.named) < 50, "too many kinds of named tuples")
            self.named[names] = namedtuple("Row", names, rename=True)
        return self.named[names](*values)

    def _range(self, tree: dict[str, Any], depth: int) -> range:
        value = range(*self._list(tree["v"], depth))
        _require(_length(value) <= LONGEST_RANGE, "too long a range")
        return value

    def _block(self, tree: dict[str, Any]) -> bytes:
        index = tree["b"]
        _require(type(index) is int and 0 <= index < len(self.blocks), "a block that was not sent")
        return self.blocks[index]

    def _array(self, tree: dict[str, Any]) -> np.ndarray:
        dtype, shape = np.dtype(_text(tree["dtype"], 20)), _shape(tree["shape"])
        plain = tree.get("t") == "array" and dtype.kind in RAW_KINDS and not dtype.hasobject
        _require(plain, "not an array of numbers")
        content = self._block(tree)
        self.copied += len(content)  # many arrays may name the same block, and each is a copy
        _require(self.copied <= LARGEST, "the arrays are too large")
        _require(len(content) == math.prod(shape) * dtype.itemsize, "an array of another size than it says")
        return np.frombuffer(content, dtype=dtype).reshape(shape).copy()

    def _objects(self, tree: dict[str, Any], depth: int) -> np.ndarray:
        shape, values, kind = _shape(tree["shape"]), self._list(tree["v"], depth), tree["kind"]
        _require(len(values) == math.prod(shape) and kind in ("O", "U", "S"), "an array of another size than it says")
        array = np.empty(len(values), dtype=object)
        for index, value in enumerate(values):  # all at once, numpy would look into items that are lists
            array[index] = value
        if kind == "O":
            return array.reshape(shape)
        wanted = str if kind == "U" else bytes
        _require(all(type(value) is wanted for value in values), "an array of texts that holds something else")
        _require(4 * len(values) * max(map(len, values), default=0) <= LARGEST, "texts that are too long for an array")
        return array.astype(kind).reshape(shape)

    def _column(self, tree: Any, depth: int) -> Any:
        _require(type(tree) is dict and tree.get("t") in _COLUMN_DECODERS, "not a column")
        values = _COLUMN_DECODERS[tree["t"]](self, tree, depth)
        _require(np.ndim(values) == 1, "a column that is not one-dimensional")
        return values

    def _categorical(self, tree: dict[str, Any], depth: int) -> Any:
        categories, codes = self._index(tree["categories"], depth + 1), self._array(tree["codes"])
        return _pandas.Categorical.from_codes(codes, categories=categories, ordered=tree["ordered"] is True)

    def _zoned(self, tree: dict[str, Any], depth: int) -> Any:
        return pd.DatetimeIndex(self._array(tree["v"])).tz_localize("UTC").tz_convert(_zone(tree["zone"])).array

    def _masked(self, tree: dict[str, Any], depth: int) -> Any:
        values, mask = self._array(tree["v"]), self._array(tree["mask"])
        kinds = {"b": pd.arrays.BooleanArray, "f": pd.arrays.FloatingArray}
        return kinds.get(values.dtype.kind, pd.arrays.IntegerArray)(values, mask)

    def _string(self, tree: dict[str, Any], depth: int) -> Any:
        texts = self._list(tree["v"], depth)
        _require(all(text is None or type(text) is str for text in texts), "a column of texts that holds others")
        _require(tree["storage"] in ("python", "pyarrow"), "an unknown dtype")
        return pd.array(texts, dtype=pd.StringDtype(tree["storage"], np.nan if tree["nan"] is True else pd.NA))

    def _period(self, tree: dict[str, Any], depth: int) -> Any:
        return _pandas.PeriodIndex.from_ordinals(self._array(tree["v"]), freq=_text(tree["freq"], 40)).array

    def _interval(self, tree: dict[str, Any], depth: int) -> Any:
        _require(depth <= DEEPEST + 4, "nested too deep")  # intervals of intervals
        left, right = (pd.Index(self._column(side, depth + 1)) for side in _list(tree["v"]))
        return _pandas.arrays.IntervalArray.from_arrays(left, right, closed=_text(tree["closed"], 10))

    def _frame(self, tree: dict[str, Any], depth: int) -> pd.DataFrame:
        index, columns = self._index(tree["index"], depth), self._index(tree["columns"], depth)
        values = [self._column(column, depth) for column in _list(tree["v"])]
        _require(len(values) == len(columns) and all(len(v) == len(index) for v in values), "columns of another length")
        frame = pd.DataFrame(dict(enumerate(values)), index=index, copy=False)
        return frame.set_axis(columns, axis=1)

    def _series(self, tree: dict[str, Any], depth: int) -> pd.Series:
        name, values = self._decode(tree["name"], depth + 1), self._column(tree["v"], depth)
        return pd.Series(values, index=self._index(tree["index"], depth), name=name)

    def _index(self, tree: Any, depth: int) -> pd.Index:
        _require(type(tree) is dict and depth <= DEEPEST + 4, "not an index")
        if tree["t"] == "range index":
            return pd.RangeIndex(self._range(tree, depth), name=self._decode(tree["name"], depth + 1))
        if tree["t"] == "multi index":
            levels = [_plain_index(self._column(level, depth)) for level in _list(tree["v"])]
            return pd.MultiIndex.from_arrays(levels, names=self._list(tree["names"], depth))
        _require(tree["t"] == "index", "not an index")
        index = _plain_index(self._column(tree["v"], depth)).rename(self._decode(tree["name"], depth + 1))
        if tree["freq"] is None:
            return index
        _require(isinstance(index, pd.DatetimeIndex | pd.TimedeltaIndex) and len(index) <= LONGEST_FREQUENT, "no times")
        kind: Any = type(index)
        return kind(index, freq=_text(tree["freq"], 40))

    def _instant(self, tree: dict[str, Any], kind: Any) -> Any:
        value = kind(self._array(tree["v"])[()])
        return value if tree["zone"] is None else value.tz_localize("UTC").tz_convert(_zone(tree["zone"]))


_DECODERS: dict[Any, Callable[[Decoder, dict[str, Any], int], Any]] = {
    "scalar": lambda d, t, depth: d._array(t["v"])[()],
    "int": lambda d, t, depth: int(_text(t["v"], 2_000), 16),
    "float": lambda d, t, depth: {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[t["v"]],
    "decimal": lambda d, t, depth: _decimal(_text(t["v"], 1_000)),
    "fraction": lambda d, t, depth: Fraction(*_whole(d._list(t["v"], depth))),
    "frame": Decoder._frame,
    "series": Decoder._series,
    "range index": Decoder._index,
    "multi index": Decoder._index,
    "index": Decoder._index,
    "array": lambda d, t, depth: d._array(t),
    "objects": Decoder._objects,
    "extension": lambda d, t, depth: d._column(t["v"], depth),
    "dict": Decoder._pairs,
    "keys": lambda d, t, depth: dict.fromkeys(d._list(t["v"], depth)).keys(),
    "values": lambda d, t, depth: dict(enumerate(d._list(t["v"], depth))).values(),
    "items": lambda d, t, depth: dict(d._list(t["v"], depth)).items(),
    "tuple": lambda d, t, depth: tuple(d._list(t["v"], depth)),
    "named tuple": Decoder._named_tuple,
    "set": lambda d, t, depth: set(d._list(t["v"], depth)),
    "frozenset": lambda d, t, depth: frozenset(d._list(t["v"], depth)),
    "range": Decoder._range,
    "slice": lambda d, t, depth: slice(*d._list(t["v"], depth)),
    "complex": lambda d, t, depth: complex(*d._list(t["v"], depth)),
    "bytes": lambda d, t, depth: d._block(t),
    "missing": lambda d, t, depth: {"NaT": pd.NaT, "<NA>": pd.NA}[t["v"]],
    "timestamp": lambda d, t, depth: d._instant(t, pd.Timestamp),
    "pandas timedelta": lambda d, t, depth: d._instant(t, pd.Timedelta),
    "one period": lambda d, t, depth: pd.Period(ordinal=_whole([d._decode(t["v"], 0)])[0], freq=_text(t["freq"], 40)),
    "one interval": lambda d, t, depth: _pandas.Interval(*d._list(t["v"], depth), closed=_text(t["closed"], 10)),
    "datetime": lambda d, t, depth: dt.datetime.fromisoformat(_text(t["v"], 64)),
    "date": lambda d, t, depth: dt.date.fromisoformat(_text(t["v"], 64)),
    "time": lambda d, t, depth: dt.time.fromisoformat(_text(t["v"], 64)),
    "timedelta": lambda d, t, depth: dt.timedelta(*_whole(d._list(t["v"], depth))),
}
_COLUMN_DECODERS: dict[Any, Callable[[Decoder, dict[str, Any], int], Any]] = {
    "categorical": Decoder._categorical,
    "zoned": Decoder._zoned,
    "masked": Decoder._masked,
    "string": Decoder._string,
    "period": Decoder._period,
    "interval": Decoder._interval,
    "array": lambda d, t, depth: d._array(t),
    "objects": Decoder._objects,
}


def _plain_index(values: Any) -> pd.Index:
    """Return an index of the dtype that the values have: pandas would guess another one for objects."""
    return pd.Index(values, dtype=object) if values.dtype == object else pd.Index(values)


def _decimal(text: str) -> Decimal:
    value = Decimal(text)
    _require(not value.is_finite() or abs(value.adjusted()) <= 10_000, "too large a decimal number")
    return value


def _zone(name: Any) -> Any:
    """Return a time zone by its name; pandas would also open files that a name leads to."""
    text = _text(name, 64)
    plain = text.removeprefix("zoneinfo ")
    _require(plain in pytz.all_timezones_set or OFFSET.fullmatch(text), "an unknown time zone")
    return ZoneInfo(plain) if plain != text else text


def _whole(values: list[Any]) -> list[int]:
    _require(all(type(value) is int for value in values), "not whole numbers")
    return values


def _length(values: range) -> int:
    return max(0, -((values.start - values.stop) // values.step))  # len() fails above 2**63


def _list(value: Any) -> list[Any]:
    _require(type(value) is list, "not a list")
    return value


def _text(value: Any, longest: int) -> str:
    _require(type(value) is str and len(value) <= longest, "not a short text")
    return value


def _shape(value: Any) -> tuple[int, ...]:
    _require(all(type(n) is int and 0 <= n <= LARGEST for n in _list(value)) and len(value) <= 8, "not a shape")
    return tuple(value)
