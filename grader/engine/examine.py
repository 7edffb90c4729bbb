"""The examiner: a process that runs the author's test cells and never a line of a student's.

In a test cell, a name that a student's answer binds is a proxy. Calling it makes the call in the student's kernel;
plain data comes back, decoded within limits, and everything else comes back as a proxy again.
"""

from __future__ import annotations

import ast
import builtins
import json
import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from typing import Any

from grader.engine import oracles
from grader.engine.errors import meaning
from grader.engine.names import bound
from grader.engine.wire import Channel, Decoder, Encoder, WireError, by_name
from grader.parts import NAME
from helpers import work
from helpers.checks import CheckFailed, Mark, remote
from helpers.checks.parts import Part, missing
from helpers.checks.remote import require_small, write_folder

VALUE = "_"  # as in a kernel: what the last expression of a cell gave
LARGEST_PORTION = 1_024  # items fetched at once of what is iterated over


class Stopped(BaseException):
    """The student's kernel cannot answer any more; no test may catch this by accident."""


class TimedOut(Stopped):
    """The call was interrupted because its time was up."""


class Died(Stopped):
    """The student's kernel is gone."""


class OutOfMemory(Stopped):
    """The call ran into the memory limit."""


class IsolatedDied(Stopped):
    """The isolated process for a student's text is gone; their kernel is not affected."""


@dataclass
class Link:
    """The examiner's side of the connection to the student's kernel."""

    channel: Channel
    number: int = 0
    received: set[str] = field(default_factory=set)
    proxies: dict[int, Proxy] = field(default_factory=dict)  # one for each object, so that `is` means the same here

    def ask(self, request: dict[str, Any], blocks: list[bytes] | None = None) -> tuple[Any, Any]:
        """Make a request to the student's kernel; return the value and what it says was changed in place.

        Raises
        ------
        Stopped
            when there is no answer to be had
        Exception
            one of Python's own kinds: what the student's code raised
        """
        self.number += 1
        try:
            self.channel.send({**request, "number": self.number}, blocks or [])
            tree, received = self.channel.receive()
        except (EOFError, OSError, WireError) as error:
            raise Died from error
        if not isinstance(tree, dict) or tree.get("number") != self.number:
            raise Died  # an answer to nothing that was asked: this connection is of no more use
        if "error" in tree:
            raise raised(tree["error"])
        return self._value(tree.get("value"), received), tree.get("changed")

    def _value(self, tree: Any, blocks: list[bytes]) -> Any:
        self._remember(tree)
        try:
            return Decoder(blocks, self._proxy).decode(tree)
        except WireError:
            raise TypeError("what was returned cannot be read") from None

    def _remember(self, tree: Any) -> None:
        """Keep the texts that came from the student, to keep them out of messages."""
        if isinstance(tree, str):
            self.received.add(tree)
        elif isinstance(tree, list):
            for item in tree:
                self._remember(item)
        elif isinstance(tree, dict):
            for item in tree.values():
                self._remember(item)

    def _proxy(self, tree: dict[str, Any]) -> Proxy:
        handle = tree.get("handle")
        if tree.get("t") != "handle" or type(handle) is not int:
            raise WireError("not a handle")
        kind = Function if tree.get("callable") is True else Proxy
        return self.proxies.setdefault(handle, kind(self, handle))


class Proxy:
    """Something that stays in the student's kernel."""

    def __init__(self, link: Link, handle: int, name: str = "") -> None:
        self.__dict__.update(_link=link, _handle=handle, changed_argument="")
        if name:
            self.__dict__["__name__"] = name

    def __getattr__(self, name: str) -> Any:
        """Ask the student's kernel for an attribute; private ones are not asked for."""
        if name.startswith("_"):
            raise AttributeError(name)
        return self._link.ask({"do": "attribute", "handle": self._handle, "name": name})[0]

    def __getitem__(self, key: Any) -> Any:
        """Ask the student's kernel for an item."""
        encoder = Encoder(_reference)
        tree = encoder.encode(key)
        return self._link.ask({"do": "item", "handle": self._handle, "key": tree}, encoder.blocks)[0]

    def __len__(self) -> int:
        """Ask the student's kernel for the length."""
        return self._link.ask({"do": "length", "handle": self._handle})[0]

    def __bool__(self) -> bool:
        """Return True as for any object, without asking."""
        return True

    def __iter__(self) -> Iterator[Any]:
        """Take the items in growing portions: a generator may never end, and each portion is a journey."""
        iterator = self._link.ask({"do": "iter", "handle": self._handle})[0]
        if not isinstance(iterator, Proxy):
            raise TypeError("what was returned cannot be iterated over")
        return iterator._portions()

    def _portions(self) -> Iterator[Any]:
        most, items = 1, [None]
        while items:
            items = self._link.ask({"do": "next", "handle": self._handle, "most": most})[0]
            if type(items) is not list or len(items) > most:
                raise TypeError("what was returned cannot be iterated over")
            yield from items
            most = min(2 * most, LARGEST_PORTION)

    def __next__(self) -> Any:
        """Ask for the next item, of an iterator."""
        items = self._link.ask({"do": "next", "handle": self._handle, "most": 1})[0]
        if type(items) is not list or len(items) > 1:
            raise TypeError("what was returned is no iterator")
        if not items:
            raise StopIteration
        return items[0]

    def __repr__(self) -> str:
        """Return the same for every object: a student's own words could carry hidden data."""
        return "an object of yours"


class Function(Proxy):
    """A student's function, or anything else that can be called."""

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Make the call in the student's kernel."""
        encoder = Encoder(_reference)
        request = {"do": "call", "handle": self._handle}
        request |= {"arguments": encoder.encode(list(arguments)), "options": encoder.encode(options)}
        value, changed = self._link.ask(request, encoder.blocks)
        if changed and changed not in _positions(arguments, options):
            raise TypeError("what was returned cannot be read")  # a student's word
        self.__dict__["changed_argument"] = changed or ""
        return value


def _positions(arguments: tuple[Any, ...], options: dict[str, Any]) -> list[str]:
    """Return the words for each argument, as `helpers.checks.changed` says them."""
    return [*(f"argument {n}" for n, _ in enumerate(arguments, 1)), *(f"argument `{name}`" for name in options)]


def _reference(value: Any) -> Any:
    """Encode something that is not plain data for the student's kernel: by handle, or a helper by its name."""
    if isinstance(value, Proxy):
        return {"t": "handle", "handle": value.__dict__["_handle"]}
    tree = by_name(value)
    if tree is None:
        raise WireError(f"a {type(value).__name__} cannot be given to a student's function")
    return tree


def raised(description: Any) -> BaseException:
    """Return an exception for what a student's code raised: of Python's own kinds, without its words."""
    known = description if isinstance(description, dict) else {}
    kind = getattr(builtins, str(known.get("kind")), None)
    if not (isinstance(kind, type) and issubclass(kind, BaseException)):
        kind = Exception
    if issubclass(kind, KeyboardInterrupt):
        return TimedOut()
    if issubclass(kind, MemoryError):
        return OutOfMemory()
    if issubclass(kind, BaseExceptionGroup | UnicodeError) or not issubclass(kind, Exception | SystemExit):
        kind = ValueError if issubclass(kind, UnicodeError) else Exception
    error = kind("(its message is shown when you run this check yourself)")
    line = known.get("line")
    own = type(line) is int  # no more than that: by the number of a line an answer could tell what it was given
    stub = kind is NotImplementedError and known.get("deepest") is True
    error.__dict__.update(
        in_answer=own, from_stub=stub, meaning=meaning(known.get("text"))
    )  # for `helpers.checks.call`
    return error


@dataclass
class Bridge:
    """The tests' way to a student's files, and to a run of their texts: see :mod:`helpers.checks.remote`."""

    link: Link
    grader: socket.socket

    def fetch(self, folder: str) -> Path:
        """Copy a folder from the student's side, to the same path where that is private to a process.

        The same path, because files name each other: a registry of models says where the models lie.
        """
        try:
            files = self.link.ask({"do": "files", "folder": str(folder)})[0]
        except AssertionError:  # a check on the student's side; its words stay there
            raise CheckFailed("your folder of files is missing, too large, or holds a link", where=_FOLDER) from None
        if not isinstance(files, dict) or not all(isinstance(name, str) for name in files):
            raise TypeError("what was returned are no files")
        require_small(len(files), sum(map(len, files.values())))
        copy = Path(folder) if _private(folder) else Path(tempfile.mkdtemp(prefix=work.PREFIX))
        rmtree(copy, ignore_errors=True)
        write_folder(copy, files)
        return copy

    def hand_over(self, files: dict[str, bytes]) -> str:
        """Write files into a new folder on the student's side; where that is, a student's code may say as it likes."""
        encoder = Encoder()
        folder = self.link.ask({"do": "folder", "files": encoder.encode(files)}, encoder.blocks)[0]
        if not isinstance(folder, str):
            raise TypeError("what was returned is no folder")
        return folder

    def beside(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        """Make the call in the student's kernel."""
        encoder = Encoder(_reference)
        request = {"do": "helper", "function": by_name(function), "arguments": encoder.encode(list(arguments))}
        return self.link.ask(request, encoder.blocks)[0]

    def isolated(self, function: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Make the call in a process that the grader starts for it."""
        self.grader.sendall(_line({"status": "isolated"}))
        _, descriptors, _, _ = socket.recv_fds(self.grader, 1_024, 1)
        with socket.socket(fileno=descriptors[0]) as connection:
            link, encoder = Link(Channel(connection), received=self.link.received), Encoder(_reference)
            request = {"arguments": encoder.encode(list(arguments)), "options": encoder.encode(options)}
            try:
                return link.ask({"do": "isolated", "function": by_name(function), **request}, encoder.blocks)[0]
            except Died:
                raise IsolatedDied from None


_FOLDER = "the path that your function returned: run this check yourself, and it says which of them it is"


def _private(folder: str) -> bool:
    """Return True for a path that nothing else on this side uses."""
    parts = Path(folder).parts
    return ".." not in parts and parts[:2] == ("/", "tmp") and len(parts) > 2 and parts[2].startswith(work.PREFIX)


class Examiner:
    """Runs test cells in one namespace that set-up cells prepared."""

    def __init__(self, link: Link, setup: list[str], grader: socket.socket, texts: dict[str, str]) -> None:
        self.link = link
        remote.bridge = Bridge(link, grader)
        self.authors = _helpers_words() + "".join(texts.values())
        oracles.install(texts)
        self.names: dict[str, Any] = {"__name__": "__main__", "display": lambda *_: None}
        for source in setup:
            exec(compile(source, "<set-up>", "exec"), self.names)

    def examine(self, source: str, bind: list[str]) -> dict[str, Any]:
        """Run one test cell; say how it ended, and what became of the parts that were tried."""
        self.names.pop(NAME, None)
        outcome = self._run(source, bind)
        mark, value = self.names.get(NAME), self.names.pop(VALUE, None)
        if isinstance(mark, Mark):
            outcome["parts"] = [self._part(part, source) for part in mark.parts]
        elif isinstance(value, int | float) and not isinstance(value, bool):
            outcome["points"] = float(value)
        for found in (outcome, *outcome.get("parts", [])):
            if (name := found.get("missing")) and name not in bind:
                del found["missing"]
                if name not in bound(source):  # else a part that failed was to bind it
                    outcome["fault"] = name
        return outcome

    def _part(self, part: Part, source: str) -> dict[str, str]:
        found = part.document(self._words(part.failure, source) if part.failure else "")
        return found | ({"missing": name} if (name := missing(part.unexpected)) else {})

    def _run(self, source: str, bind: list[str]) -> dict[str, Any]:
        try:
            for name in bind:
                self._bind(name)
            exec(compile(_keeping_value(source), "<test>", "exec"), self.names)
        except TimedOut:
            return {"status": "timed out"}
        except OutOfMemory:
            return {"status": "out of memory"}
        except Died:
            return {"status": "crashed"}
        except IsolatedDied:
            return {"status": "crashed", "isolated": "yes"}
        except (Exception, SystemExit) as error:
            outcome = {"status": "error", "ename": type(error).__name__, "evalue": self._words(error, source)}
            return outcome | ({"missing": name} if (name := missing(error)) else {})
        finally:
            self._done()
        return {"status": "ok"}

    def _bind(self, name: str) -> None:
        """Take a name from the student; where the student has none, the tests have none."""
        self.names.pop(name, None)
        try:
            value = self.link.ask({"do": "name", "name": name})[0]
        except KeyError:
            return
        if isinstance(value, Proxy):
            value.__dict__["__name__"] = name
        self.names[name] = value

    def _words(self, error: BaseException, source: str) -> str:
        """Return a check's message, without the values it saw and without words that came from the student."""
        if not isinstance(error, CheckFailed):
            return ""
        error.seen = ""
        text = str(error)
        authors = self.authors + source
        students = [words for words in self.link.received if len(words) > 3 and words not in authors]
        return "a check failed" if any(words in text for words in students) else text

    def _done(self) -> None:
        self.link.received.clear()
        self.link.proxies.clear()  # each test gives handles of its own
        try:
            self.link.channel.send({"do": "done"}, [])
        except OSError:
            return


def _keeping_value(source: str) -> ast.Module:
    """Return a cell that gives the value of its last expression a name: nbgrader takes a number for points."""
    tree = ast.parse(source)
    if tree.body and isinstance(last := tree.body[-1], ast.Expr):
        kept = ast.Assign([ast.Name(VALUE, ast.Store())], last.value)
        tree.body[-1] = ast.fix_missing_locations(ast.copy_location(kept, last))
    return tree


def _helpers_words() -> str:
    """Return the text of the course's own code: a word that occurs in it gives nothing away."""
    import helpers

    files = sorted(Path(str(helpers.__file__)).parent.rglob("*.py"))
    return "".join(file.read_text(encoding="utf-8") for file in files)


def main(channel: int, control: int) -> None:
    """Be the examiner of one submission, on these two sockets, until the grader hangs up."""
    grader = socket.socket(fileno=control)
    first = json.loads(_receive(grader))
    link = Link(Channel(socket.socket(fileno=channel)))
    examiner = Examiner(link, first["setup"], grader, first["oracles"])
    grader.sendall(_line({"status": "ready"}))
    while request := _receive(grader):
        cell = json.loads(request)
        grader.sendall(_line(examiner.examine(cell["source"], cell["bind"])))
    os._exit(0)


def _line(reply: dict[str, Any]) -> bytes:
    return json.dumps(reply).encode() + b"\n"


def _receive(connection: socket.socket) -> bytes:
    """Read one line from the grader; nothing when it hung up."""
    received = bytearray()
    while not received.endswith(b"\n"):
        part = connection.recv(1 << 20)
        if not part:
            return b""
        received += part
    return bytes(received)
