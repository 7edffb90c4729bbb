"""Values between the examiner and a student's kernel: plain data by copy, within limits. Never pickle, never code.

A message is a header in JSON and raw blocks of bytes, over a stream socket. Both ends use this module, and neither
trusts the other to have used it: :func:`Decoder.decode` accepts exact types, checked sizes and nothing else. What is
not plain data (a fitted model, a function) stays where it is and travels as a number, its *handle*.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any

import numpy as np
import pandas as pd

LARGEST = 256 << 20  # bytes of one message
DEEPEST = 20  # containers within containers
MOST_ITEMS = 2_000_000  # items of all lists in one message
RAW_KINDS = "biufcMm"  # numpy kinds that are plain numbers in memory
MASKED = {f"{sign}Int{bits}" for sign in ("", "U") for bits in (8, 16, 32, 64)} | {"boolean", "Float32", "Float64"}

Tree = Any  # what JSON can hold


class WireError(ValueError):
    """A value that cannot travel, or a message that is not what it should be."""


@dataclass
class Channel:
    """One end of the connection."""

    connection: socket.socket

    def send(self, tree: Tree, blocks: list[bytes]) -> None:
        """Send one message."""
        header = json.dumps({"tree": tree, "sizes": [len(block) for block in blocks]}).encode()
        if len(header) + sum(map(len, blocks)) > LARGEST:
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
        _require(length <= LARGEST, "the header is too long")
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
        if value is None or isinstance(value, bool | str):
            return value if value is None else str(value) if isinstance(value, str) else bool(value)
        for kinds, encode in self._encoders():
            if isinstance(value, kinds):
                return encode(value, depth)
        return self._kept(value)

    def _encoders(self) -> list[tuple[Any, Callable[[Any, int], Tree]]]:
        return [
            (np.generic, lambda value, depth: {"t": "scalar", "v": self.array(np.asarray(value), depth)}),
            (int, lambda value, depth: {"t": "int", "v": hex(value)} if abs(value) >> 53 else int(value)),
            (
                float,
                lambda value, depth: float(value) if math.isfinite(value) else {"t": "float", "v": repr(float(value))},
            ),
            (pd.DataFrame, self._frame),
            (pd.Series, self._series),
            (pd.Index, self._index),
            (np.ndarray, self.array),
            (
                pd.api.extensions.ExtensionArray,
                lambda value, depth: {"t": "extension", "v": self._column(value, depth)},
            ),
            (
                Mapping,
                lambda value, depth: {
                    "t": "dict",
                    "v": [[self.encode(x, depth + 1) for x in i] for i in value.items()],
                },
            ),
            (tuple, lambda value, depth: {"t": "tuple", "v": self._items(value, depth)}),
            (list, self._items),
            (set, lambda value, depth: {"t": "set", "v": self._items(value, depth)}),
            (frozenset, lambda value, depth: {"t": "frozenset", "v": self._items(value, depth)}),
            (
                range | slice,
                lambda v, depth: {"t": type(v).__name__, "v": [self.encode(x) for x in (v.start, v.stop, v.step)]},
            ),
            (complex, lambda value, depth: {"t": "complex", "v": [self.encode(value.real), self.encode(value.imag)]}),
            (bytes, lambda value, depth: {"t": "bytes", "b": self._block(value)}),
            (type(pd.NaT) | type(pd.NA), lambda value, depth: {"t": "missing", "v": str(value)}),
            (pd.Timestamp | pd.Timedelta, self._instant),
            (dt.datetime, lambda value, depth: {"t": "datetime", "v": value.isoformat()}),
            (dt.date, lambda value, depth: {"t": "date", "v": value.isoformat()}),
            (dt.time, lambda value, depth: {"t": "time", "v": value.isoformat()}),
            (
                dt.timedelta,
                lambda value, depth: {"t": "timedelta", "v": [value.days, value.seconds, value.microseconds]},
            ),
        ]

    def _kept(self, value: Any) -> Tree:
        if self.keep is None:
            raise WireError(f"a {type(value).__name__} cannot be sent")
        return self.keep(value)

    def _items(self, values: Any, depth: int) -> list[Tree]:
        return [self.encode(value, depth + 1) for value in values]

    def _block(self, content: bytes) -> int:
        self.blocks.append(content)
        return len(self.blocks) - 1

    def array(self, array: np.ndarray, depth: int = 0) -> Tree:
        """Encode an array: numbers as their bytes, everything else item by item."""
        array, shape = np.asarray(array), list(np.shape(array))
        if array.dtype.kind in RAW_KINDS and array.dtype.isnative:
            return {
                "t": "array",
                "dtype": array.dtype.str,
                "shape": shape,
                "b": self._block(np.ascontiguousarray(array).tobytes()),
            }
        _require(array.dtype.kind in "OUST" or not array.dtype.isnative, f"an array of {array.dtype} cannot be sent")
        if array.dtype.kind in RAW_KINDS:
            return self.array(array.astype(array.dtype.newbyteorder("=")), depth)
        kind = "U" if array.dtype.kind in "UT" else array.dtype.kind
        return {
            "t": "objects",
            "kind": kind,
            "shape": shape,
            "v": self._items(array.astype(object).ravel().tolist(), depth),
        }

    def _column(self, values: Any, depth: int) -> Tree:
        dtype = values.dtype
        if isinstance(dtype, pd.CategoricalDtype):
            tree = {"t": "categorical", "codes": self.array(np.asarray(values.codes)), "ordered": bool(dtype.ordered)}
            return {**tree, "categories": self._index(dtype.categories, depth)}
        if isinstance(dtype, pd.DatetimeTZDtype):
            plain = values.tz_convert("UTC").tz_localize(None).to_numpy()
            return {"t": "zoned", "zone": str(dtype.tz), "v": self.array(np.asarray(plain))}
        if str(dtype) in MASKED:
            mask = np.asarray(values.isna())
            return {
                "t": "masked",
                "dtype": str(dtype),
                "mask": self.array(mask),
                "v": self.array(values.to_numpy(str(dtype).lower().replace("boolean", "bool"), na_value=0)),
            }
        if isinstance(dtype, pd.StringDtype):
            return {"t": "string", "v": [None if value is pd.NA or value != value else str(value) for value in values]}
        return self.array(np.asarray(values), depth)

    def _frame(self, frame: pd.DataFrame, depth: int) -> Tree:
        columns = [self._column(frame.iloc[:, place].array, depth + 1) for place in range(frame.shape[1])]
        names, rows = self._index(frame.columns, depth), self._index(frame.index, depth)
        return {"t": "frame", "columns": names, "index": rows, "v": columns}

    def _series(self, series: pd.Series, depth: int) -> Tree:
        name, rows = self.encode(series.name, depth + 1), self._index(series.index, depth)
        return {"t": "series", "name": name, "index": rows, "v": self._column(series.array, depth + 1)}

    def _index(self, index: pd.Index, depth: int) -> Tree:
        if isinstance(index, pd.RangeIndex):
            place = [int(index.start), int(index.stop), int(index.step)]
            return {"t": "range index", "name": self.encode(index.name, depth + 1), "v": place}
        names = [self.encode(name, depth + 1) for name in index.names]
        if isinstance(index, pd.MultiIndex):
            levels = [self._column(index.get_level_values(k).array, depth + 1) for k in range(index.nlevels)]
            return {"t": "multi index", "names": names, "v": levels}
        return {"t": "index", "name": names[0], "v": self._column(index.array, depth + 1)}

    def _instant(self, value: Any, depth: int) -> Tree:
        zone = getattr(value, "tz", None)
        plain = value.tz_convert("UTC").tz_localize(None) if zone is not None else value
        tag = "timestamp" if isinstance(value, pd.Timestamp) else "pandas timedelta"
        return {
            "t": tag,
            "zone": str(zone) if zone is not None else None,
            "v": self.array(np.asarray(plain.to_numpy())),
        }


def by_name(value: Any) -> Tree | None:
    """How a function or class of the course's ``helpers`` travels to the student's kernel: by its name."""
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

    def decode(self, tree: Tree, depth: int = 0) -> Any:
        """Decode a tree of any form whatever: whoever wrote it may have meant harm.

        Raises
        ------
        WireError
            when it is not what :class:`Encoder` makes
        """
        try:
            return self._decode(tree, depth)
        except WireError:
            raise
        except Exception as error:  # numpy and pandas raise many kinds for data that makes no sense
            raise WireError(f"a value that makes no sense ({type(error).__name__})") from error

    def _decode(self, tree: Tree, depth: int) -> Any:
        _require(depth <= DEEPEST + 2, "nested too deep")
        if tree is None or type(tree) in (bool, int, float, str):
            return tree
        if type(tree) is list:
            return self._list(tree, depth)
        _require(type(tree) is dict, "not a value")
        tag = tree.get("t")
        if tag in ("handle", "helper"):
            _require(self.refer, "a handle where none may be")
            return self.refer(tree)  # type: ignore[misc]
        decoders = self._decoders(depth)
        _require(tag in decoders, "an unknown kind of value")
        return decoders[tag](tree)

    def _decoders(self, depth: int) -> dict[Any, Callable[[dict[str, Any]], Any]]:
        return {
            "scalar": lambda t: self._array(t["v"])[()],
            "int": lambda t: int(_text(t["v"], 2_000), 16),
            "float": lambda t: float(_text(t["v"], 10)),
            "frame": lambda t: self._frame(t, depth),
            "series": lambda t: self._series(t, depth),
            "range index": lambda t: self._index(t, depth),
            "multi index": lambda t: self._index(t, depth),
            "index": lambda t: self._index(t, depth),
            "array": self._array,
            "objects": lambda t: self._objects(t, depth),
            "extension": lambda t: self._column(t["v"], depth),
            "dict": lambda t: dict(self._pair(pair, depth) for pair in _list(t["v"])),
            "tuple": lambda t: tuple(self._list(t["v"], depth)),
            "set": lambda t: set(self._list(t["v"], depth)),
            "frozenset": lambda t: frozenset(self._list(t["v"], depth)),
            "range": lambda t: range(*self._list(t["v"], depth)),
            "slice": lambda t: slice(*self._list(t["v"], depth)),
            "complex": lambda t: complex(*self._list(t["v"], depth)),
            "bytes": lambda t: self._block(t),
            "missing": lambda t: {"NaT": pd.NaT, "<NA>": pd.NA}[t["v"]],
            "timestamp": lambda t: self._instant(t, pd.Timestamp),
            "pandas timedelta": lambda t: self._instant(t, pd.Timedelta),
            "datetime": lambda t: dt.datetime.fromisoformat(_text(t["v"], 64)),
            "date": lambda t: dt.date.fromisoformat(_text(t["v"], 64)),
            "time": lambda t: dt.time.fromisoformat(_text(t["v"], 64)),
            "timedelta": lambda t: dt.timedelta(*self._list(t["v"], depth)),
        }

    def _list(self, values: Any, depth: int) -> list[Any]:
        self.items += len(_list(values))
        _require(self.items <= MOST_ITEMS, "too many items")
        return [self._decode(value, depth + 1) for value in values]

    def _pair(self, pair: Any, depth: int) -> tuple[Any, Any]:
        key, value = self._list(pair, depth)
        return key, value

    def _block(self, tree: dict[str, Any]) -> bytes:
        place = tree["b"]
        _require(type(place) is int and 0 <= place < len(self.blocks), "a block that was not sent")
        return self.blocks[place]

    def _array(self, tree: dict[str, Any]) -> np.ndarray:
        dtype, shape = np.dtype(_text(tree["dtype"], 20)), _shape(tree["shape"])
        _require(
            tree.get("t") == "array" and dtype.kind in RAW_KINDS and not dtype.hasobject, "not an array of numbers"
        )
        content = self._block(tree)
        _require(len(content) == math.prod(shape) * dtype.itemsize, "an array of another size than it says")
        return np.frombuffer(content, dtype=dtype).reshape(shape).copy()

    def _objects(self, tree: dict[str, Any], depth: int) -> np.ndarray:
        shape, values = _shape(tree["shape"]), self._list(tree["v"], depth)
        _require(
            len(values) == math.prod(shape) and tree["kind"] in ("O", "U", "S"), "an array of another size than it says"
        )
        array = np.empty(len(values), dtype=object)
        array[:] = values
        return array.reshape(shape).astype(tree["kind"] if values else object)

    def _column(self, tree: dict[str, Any], depth: int) -> Any:
        tag = tree["t"]
        if tag == "categorical":
            categories, codes = self._index(tree["categories"], depth + 1), self._array(tree["codes"])
            return pd.Categorical.from_codes(
                codes,  # type: ignore[arg-type] # an array is as good as a list
                categories=categories,
                ordered=bool(tree["ordered"]),
            )
        if tag == "zoned":
            return pd.DatetimeIndex(self._array(tree["v"])).tz_localize("UTC").tz_convert(_text(tree["zone"], 64)).array
        if tag == "masked":
            _require(tree["dtype"] in MASKED, "an unknown dtype")
            values = pd.array(self._array(tree["v"]), dtype=tree["dtype"])
            values[self._array(tree["mask"]).astype(bool)] = pd.NA
            return values
        if tag == "string":
            return pd.array(self._list(tree["v"], depth), dtype="string")
        return self._array(tree) if tag == "array" else self._objects(tree, depth)

    def _frame(self, tree: dict[str, Any], depth: int) -> pd.DataFrame:
        index, columns = self._index(tree["index"], depth), self._index(tree["columns"], depth)
        values = [self._column(column, depth) for column in _list(tree["v"])]
        _require(len(values) == len(columns) and all(len(v) == len(index) for v in values), "columns of another length")
        frame = pd.DataFrame(dict(enumerate(values)), index=index, copy=False)
        return frame.set_axis(columns, axis=1)

    def _series(self, tree: dict[str, Any], depth: int) -> pd.Series:
        name = self._decode(tree["name"], depth + 1)
        return pd.Series(self._column(tree["v"], depth), index=self._index(tree["index"], depth), name=name)

    def _index(self, tree: dict[str, Any], depth: int) -> pd.Index:
        if tree["t"] == "range index":
            start, stop, step = self._list(tree["v"], depth)
            return pd.RangeIndex(start, stop, step, name=self._decode(tree["name"], depth + 1))
        if tree["t"] == "multi index":
            levels = [self._column(level, depth) for level in _list(tree["v"])]
            return pd.MultiIndex.from_arrays(levels, names=self._list(tree["names"], depth))
        _require(tree["t"] == "index", "not an index")
        return pd.Index(self._column(tree["v"], depth), name=self._decode(tree["name"], depth + 1))

    def _instant(self, tree: dict[str, Any], kind: Any) -> Any:
        value = kind(self._array(tree["v"])[()])
        return value if tree["zone"] is None else value.tz_localize("UTC").tz_convert(_text(tree["zone"], 64))


def _list(value: Any) -> list[Any]:
    _require(type(value) is list, "not a list")
    return value


def _text(value: Any, longest: int) -> str:
    _require(type(value) is str and len(value) <= longest, "not a short text")
    return value


def _shape(value: Any) -> tuple[int, ...]:
    _require(all(type(n) is int and 0 <= n <= LARGEST for n in _list(value)) and len(value) <= 8, "not a shape")
    return tuple(value)
