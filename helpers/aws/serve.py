"""The program in the container: SageMaker's serving contract around a student's inference script.

It is run by its path and imports nothing of the course, as a real container would not.

What it does is what AWS's inference toolkit does (github.com/aws/sagemaker-inference-toolkit):

- ``GET /ping`` answers 200 once ``model_fn(model_dir)`` has returned. Until then nobody listens to it.
- ``POST /invocations`` calls ``input_fn(body, content_type)``, ``predict_fn(data, model)`` and
  ``output_fn(prediction, accept)``, or ``transform_fn(model, body, content_type, accept)`` in place of the three.
  What is missing has a default: JSON, CSV and NPY in and out, and ``model.predict``.
- The body is text for JSON and CSV and bytes for everything else. An ``Accept`` that is missing or ``*/*`` means JSON.
- ``output_fn`` returns the body, or the pair (body, content type).
- An exception is a 500, unless it is a ``sagemaker_inference.errors.BaseInferenceToolkitError(status, message,
  phrase)``, which brings its own status: so a script says that a request, and not the server, is at fault.

Environment: ``SM_MODEL_DIR`` (the unpacked archive), ``SAGEMAKER_PROGRAM`` (``inference.py``, looked for in ``code/``).
Without an argument, as in an image, it listens on port ``SAGEMAKER_BIND_TO_PORT`` (8080) until a signal ends it. With
one, which is the number of a socket that listens already, it ends with its owner, who holds its standard input.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import inspect
import io
import json
import os
import runpy
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

TEXT = {"application/json", "text/csv"}
LEFT_AT_HOME = {"helpers", "grader"}  # the course's own packages: no container of AWS's has them


class BaseInferenceToolkitError(Exception):
    """An error with the status that the caller shall see, as `sagemaker_inference.errors` has it."""

    def __init__(self, status_code: int, message: str, phrase: str) -> None:
        super().__init__(message)
        self.status_code, self.message, self.phrase = status_code, message, phrase


class UnsupportedFormatError(BaseInferenceToolkitError):
    """A content type that cannot be read, or one that cannot be written."""

    def __init__(self, content_type: str) -> None:
        message = f"Content type {content_type!r} is not supported. Implement input_fn or output_fn to support it."
        super().__init__(415, message, "Unsupported Media Type")


# --- the script and what stands in for what it lacks ---


class Script:
    """A student's inference script: its functions, and the defaults for those that it does not have."""

    def __init__(self, module: ModuleType, model_dir: str) -> None:
        self.module = module
        if hasattr(module, "transform_fn") and any(hasattr(module, f"{n}_fn") for n in ("input", "predict", "output")):
            raise ValueError("transform_fn stands in place of input_fn, predict_fn and output_fn: define it, or them")
        if not hasattr(module, "model_fn"):
            raise NotImplementedError("the script defines no model_fn(model_dir), so no model can be loaded")
        self.model = _call(module.model_fn, model_dir)

    def answer(self, body: bytes, content_type: str, accept: str) -> tuple[bytes, str]:
        """The response to one request: its bytes and their content type."""
        data = body.decode() if content_type in TEXT else body
        if hasattr(self.module, "transform_fn"):
            result = _call(self.module.transform_fn, self.model, data, content_type, accept)
        else:
            result = self._steps(data, content_type, accept)
        content, kind = result if isinstance(result, tuple) else (result, accept)
        return content.encode() if isinstance(content, str) else bytes(content), kind

    def _steps(self, data: str | bytes, content_type: str, accept: str) -> Any:
        inputs = _call(getattr(self.module, "input_fn", read), data, content_type)
        prediction = _call(getattr(self.module, "predict_fn", predict), inputs, self.model)
        return _call(getattr(self.module, "output_fn", write), prediction, accept)


def _call(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call one of the script's functions; one with another parameter is also given the context, here empty."""
    more = len(inspect.signature(function).parameters) == len(arguments) + 1
    return function(*arguments, None) if more else function(*arguments)


def read(body: str | bytes, content_type: str) -> Any:
    """Make an array of a request: JSON, CSV without a header, or NPY."""
    import numpy as np

    if content_type == "application/json":
        return np.array(json.loads(body))
    if content_type == "text/csv":
        return np.genfromtxt(io.StringIO(str(body)), delimiter=",", ndmin=2)
    if content_type == "application/x-npy" and isinstance(body, bytes):
        return np.load(io.BytesIO(body), allow_pickle=False)
    raise UnsupportedFormatError(content_type)


def predict(data: Any, model: Any) -> Any:
    """Ask the model."""
    return model.predict(data)


def write(prediction: Any, accept: str) -> bytes | str:
    """Write an array as JSON, CSV or NPY."""
    import numpy as np

    values = np.asarray(prediction)
    stream = io.BytesIO()
    if accept == "application/json":
        return json.dumps(values.tolist())
    if accept == "text/csv":
        np.savetxt(stream, np.atleast_2d(values.T).T, delimiter=",", fmt="%s")
        return stream.getvalue()
    if accept == "application/x-npy":
        np.save(stream, values, allow_pickle=False)
        return stream.getvalue()
    raise UnsupportedFormatError(accept)


# --- loading ---


class NotInTheContainer(importlib.machinery.PathFinder):
    """Finder that keeps the course's own packages out, which are on this machine and would not be on AWS's."""

    @classmethod
    def find_spec(cls, name: str, path: Sequence[str] | None = None, target: Any = None) -> Any:
        """Refuse a module that the archive does not bring along."""
        if name not in LEFT_AT_HOME:
            return None
        spec = super().find_spec(name, [str(code_folder())], target)
        if spec is None:
            raise ModuleNotFoundError(f"No module named {name!r}: the archive's code/ folder must bring it", name=name)
        return spec


def code_folder() -> Path:
    """Folder of the archive's code."""
    return Path(os.environ["SM_MODEL_DIR"], "code")


def load() -> Script:
    """Import the student's script and load its model."""
    sys.meta_path.insert(0, NotInTheContainer)
    sys.path.insert(0, str(code_folder()))
    if importlib.util.find_spec("sagemaker_inference") is None:
        _lend_toolkit()
    script = code_folder() / os.environ.get("SAGEMAKER_PROGRAM", "inference.py")
    if not script.is_file():
        raise FileNotFoundError(f"the archive has no code/{script.name}")
    spec = importlib.util.spec_from_file_location(script.stem, script)
    assert spec and spec.loader
    module = sys.modules[script.stem] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return Script(module, os.environ["SM_MODEL_DIR"])


def _lend_toolkit() -> None:
    """Give scripts the toolkit's errors where the toolkit is not installed."""
    package, errors = ModuleType("sagemaker_inference"), ModuleType("sagemaker_inference.errors")
    errors.__dict__.update(
        BaseInferenceToolkitError=BaseInferenceToolkitError, UnsupportedFormatError=UnsupportedFormatError
    )
    package.__dict__.update(errors=errors, __path__=[])
    sys.modules.update({"sagemaker_inference": package, "sagemaker_inference.errors": errors})


# --- serving ---


class Handler(BaseHTTPRequestHandler):
    """The two addresses of the contract."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body leave together: a body behind them would wait for the caller's acknowledgement
    script: Script

    def do_GET(self) -> None:
        """Say whether the server is well."""
        self._reply(200 if self.path == "/ping" else 404, b"", "text/plain")

    def do_POST(self) -> None:
        """Predict."""
        if self.path != "/invocations":
            return self._reply(404, b"no such address", "text/plain")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        content_type = (self.headers.get("Content-Type") or "application/json").split(";")[0].strip().lower()
        accept = self.headers.get("Accept") or "*/*"
        try:
            content, kind = self.script.answer(body, content_type, "application/json" if accept == "*/*" else accept)
        except Exception as error:
            traceback.print_exc()
            return self._reply(_status(error), f"{type(error).__name__}: {error}".encode(), "text/plain")
        return self._reply(200, content, kind)

    def _reply(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Write no line for each request: the log is for what went wrong."""


def _status(error: Exception) -> int:
    kinds = [BaseInferenceToolkitError]
    if installed := sys.modules.get("sagemaker_inference.errors"):
        kinds.append(getattr(installed, "BaseInferenceToolkitError", BaseInferenceToolkitError))
    status = getattr(error, "status_code", 500) if isinstance(error, tuple(kinds)) else 500
    return status if isinstance(status, int) and 400 <= status <= 599 else 500


def _end_with_owner() -> None:
    """End this process and all that it started as soon as the other end of standard input is closed."""
    while os.read(0, 1):
        pass
    os.killpg(0, signal.SIGKILL)


def main() -> None:
    """Load the model, then serve."""
    owned = len(sys.argv) > 1
    if owned:
        os.set_inheritable(int(sys.argv[-1]), False)
        threading.Thread(target=_end_with_owner, daemon=True).start()
    try:
        Handler.script = load()
    except BaseException:  # a script may also call sys.exit
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)  # threads of the script's own must not keep a failed server alive
    server = _handed_over(int(sys.argv[-1])) if owned else _listening()
    server.daemon_threads = True
    server.serve_forever()


def _handed_over(number: int) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler, bind_and_activate=False)
    server.socket.close()
    server.socket = socket.socket(fileno=number)
    return server


def _listening() -> ThreadingHTTPServer:
    # The first process of a container is not ended by a signal that it does not handle.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    port = int(os.environ.get("SAGEMAKER_BIND_TO_PORT", "8080"))
    return ThreadingHTTPServer(("0.0.0.0", port), Handler)  # callers are outside of the container


if __name__ == "serving":
    main()
elif __name__ == "__main__":
    # Under another name: a model pickled with a notebook's own class must not find one of this program's in its place.
    runpy.run_path(__file__, run_name="serving")
