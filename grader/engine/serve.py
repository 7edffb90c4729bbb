"""The student's kernel's end of a test: it answers the examiner's calls in the main thread until the test is done.

This runs beside a student's code and can be changed by it. That is no loss: the examiner takes what comes from here for
what it is, a student's answer.
"""

from __future__ import annotations

import builtins
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import islice
from pathlib import Path
from traceback import walk_tb
from typing import Any

from grader.engine.wire import Channel, Decoder, Encoder, WireError
from helpers.checks.remote import new_folder, read_folder

PROTOCOL: dict[str, Callable[[Any], Any]] = {"length": len, "iter": iter}


class Server:
    """Holds the objects that stay here, by handle, and answers requests about them."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.names = names
        self.objects: dict[int, Any] = {}
        self.handles: dict[int, int] = {}  # by id, which no other object has while this one is kept

    def answer(self, request: Any, blocks: list[bytes]) -> tuple[Any, list[bytes]]:
        """Do what is asked and encode the result, or say what went wrong."""
        encoder = Encoder(self.keep)
        try:
            result, changed = self._do(request, Decoder(blocks, self.refer))
            return {"value": encoder.encode(result), "changed": changed}, encoder.blocks
        except BaseException as error:  # KeyboardInterrupt and SystemExit too: the examiner decides what they mean
            return {"error": describe(error)}, []

    def _do(self, request: Any, decoder: Decoder) -> tuple[Any, str]:
        if request["do"] == "name":
            return self.names[request["name"]], ""
        if request["do"] == "files":
            return read_folder(request["folder"]), ""
        if request["do"] == "folder":
            return new_folder(decoder.decode(request["files"])), ""
        if request["do"] == "helper":
            return call(self.refer(request["function"]), decoder.decode(request["arguments"]), {})
        target = self.objects[request["handle"]]
        if request["do"] == "attribute":
            return getattr(target, request["name"]), ""
        if request["do"] in PROTOCOL:
            return PROTOCOL[request["do"]](target), ""
        if request["do"] == "item":
            return target[decoder.decode(request["key"])], ""
        if request["do"] == "contains":
            return decoder.decode(request["key"]) in target, ""
        if request["do"] == "next":
            return list(islice(target, request["most"])), ""
        arguments, options = decoder.decode(request["arguments"]), decoder.decode(request["options"])
        return call(target, arguments, options)

    def keep(self, value: Any) -> Any:
        """Keep an object and give what the examiner gets to name it."""
        handle = self.handles.setdefault(id(value), len(self.objects) + 1)
        self.objects[handle] = value
        return {"t": "handle", "handle": handle, "callable": callable(value)}

    def refer(self, tree: dict[str, Any]) -> Any:
        """Return what the examiner names by handle, or a helper by its name."""
        if tree["t"] == "helper":
            return getattr(import_module(tree["module"]), tree["name"])
        return self.objects[tree["handle"]]


def call(function: Callable[..., Any], arguments: list[Any], options: dict[str, Any]) -> tuple[Any, str]:
    """Call a student's function; return the result, and which argument it changed in place."""
    from helpers.checks import changed, watch

    before = watch(arguments, options)
    result = function(*arguments, **options)
    return result, changed(before)[0]


def describe(error: BaseException) -> dict[str, Any]:
    """Return an exception as plain data: its kind among Python's own, and the line of the student's cell."""
    frames = [
        (frame.f_globals.get("__name__"), line, frame.f_code.co_name) for frame, line in walk_tb(error.__traceback__)
    ]
    own = [(line, name) for module, line, name in frames if module == "__main__"]
    kinds = [kind.__name__ for kind in type(error).__mro__ if getattr(builtins, kind.__name__, None) is kind]
    if isinstance(error, WireError):
        kinds = ["TypeError"]
    return {
        "kind": kinds[0],
        "text": _text(error),
        "line": own[-1][0] if own else None,
        "deepest": bool(own) and frames[-1][0] == "__main__",
        "function": own[-1][1] if own else None,
    }


def _text(error: BaseException) -> str:
    """Return an exception's words, of which the examiner takes only whether it knows how they begin."""
    try:
        return str(error)[:2_000].encode("utf-8", "replace").decode()
    except Exception:  # an exception of the student's own may fail to print itself
        return ""


@contextmanager
def silence() -> Iterator[None]:
    """Drop what a student's function prints while it is tested: it may print the hidden data that it was given.

    Compiled code prints too, past Python's streams; thousands of calls would fill the pipe that ipykernel reads.
    """
    streams, descriptors = (sys.stdout, sys.stderr), [(number, os.dup(number)) for number in (1, 2)]
    with Path(os.devnull).open("w", encoding="utf-8") as null:
        sys.stdout = sys.stderr = null
        for number, _ in descriptors:
            os.dup2(null.fileno(), number)
        try:
            yield
        finally:
            sys.stdout, sys.stderr = streams
            for number, kept in descriptors:
                os.dup2(kept, number)
                os.close(kept)


class IsolatedServer(Server):
    """Stands where no student's notebook has run: calls functions of ``helpers``, and keeps nothing."""

    def answer(self, request: Any, blocks: list[bytes]) -> tuple[Any, list[bytes]]:
        """Call the function that is asked for; what it returns must be plain data."""
        encoder, decoder = Encoder(), Decoder(blocks, self.refer)
        try:
            arguments, options = decoder.decode(request["arguments"]), decoder.decode(request["options"])
            return {"value": encoder.encode(self.refer(request["function"])(*arguments, **options))}, encoder.blocks
        except BaseException as error:
            return {"error": describe(error)}, []


def serve(descriptor: int) -> None:
    """Answer in a student's kernel, on this socket, until the examiner is done or gone."""
    from IPython import get_ipython

    answer(descriptor, Server(get_ipython().user_ns))


def answer(descriptor: int, server: Server) -> None:
    """Answer on this socket until the examiner is done or gone."""
    channel = Channel(socket.socket(fileno=os.dup(descriptor)))
    with silence(), channel.connection:
        while True:
            try:
                request, blocks = channel.receive()
                if request["do"] == "done":
                    return
            except (EOFError, KeyboardInterrupt):
                return
            tree, blocks = server.answer(request, blocks)
            try:
                channel.send({**tree, "number": request["number"]}, blocks)
            except WireError as error:  # too much for one message; nothing of it was sent yet
                channel.send({"error": describe(error), "number": request["number"]}, [])
