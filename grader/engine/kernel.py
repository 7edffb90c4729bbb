"""Jupyter's way to a kernel behind the walls: a kernel manager whose kernels the fork server forks."""

from __future__ import annotations

import asyncio
import math
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path
from queue import Empty
from shutil import copyfile
from typing import Any

import zmq
import zmq.asyncio
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerBase
from traitlets import Instance, List, Type, Unicode, default

from grader.engine.forkserver import ForkServer, Spawned
from grader.intake import Malformed, plain_files

PORTS = ("shell", "iopub", "stdin", "hb", "control")
LARGEST_MESSAGE, MOST_WAITING = 32 << 20, 32  # bytes of a kernel's message; messages not yet read
REPLIES, STATES = ("ok", "error", "aborted"), ("busy", "idle", "starting")


class ForkedProvisioner(KernelProvisionerBase):
    """Starts a kernel by asking the fork server for it, and reaches it over sockets in the job's folder.

    TCP does not cross into the kernel's own network namespace; sockets in a folder do.
    """

    parent: ForkedKernelManager
    spawned: Spawned | None = None
    job: Path

    @property
    def has_process(self) -> bool:
        """True once the kernel was started."""
        return self.spawned is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose the sockets that the kernel listens on, and write the connection file for both sides."""
        manager = self.parent
        self.job = manager.server.new_job()
        manager.transport, manager.ip = "ipc", str(self.job / "k")
        manager.connection_file = str(self.job / "connection.json")
        for number, port in enumerate(PORTS, 1):
            setattr(manager, f"{port}_port", number)
        manager.write_connection_file()
        self.connection_info = manager.get_connection_info()
        command = ["-f", manager.connection_file, *kwargs.pop("extra_arguments", [])]
        return await super().pre_launch(cmd=command, **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork the kernel, with copies of the files that were handed in beside the notebook."""
        copy_plain_files(Path(kwargs["cwd"]), self.job / "files")
        channel = self.parent.channel
        self.spawned = self.parent.server.spawn(
            "kernel", {"arguments": cmd, "withheld": self.parent.withheld}, [channel], self.job
        )
        channel.close()
        return self.connection_info

    async def poll(self) -> int | None:
        """Return the kernel's exit code, or None while it runs."""
        return 0 if self.spawned is None else self.spawned.poll()

    async def wait(self) -> int | None:
        """Wait for the kernel's end."""
        while (code := await self.poll()) is None:
            await asyncio.sleep(0.01)
        return code

    async def send_signal(self, signum: int) -> None:
        """Send the kernel a signal."""
        if self.spawned:
            self.spawned.signal(signum)

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and all that it has started."""
        await self.send_signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:
        """Kill it too: there is nothing that a kernel has to finish."""
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:
        """Leave nothing behind."""
        if self.spawned:
            self.spawned.close()
            self.spawned = None


class UntrustedChannel(AsyncZMQSocketChannel):
    """A channel whose other end is untrusted, since a student's code runs there: what is no message is passed over."""

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:  # type: ignore[override]
        """Wait for a message; a flood of others does not prolong the wait.

        Raises
        ------
        queue.Empty
            when the time is up
        """
        end = math.inf if timeout is None else time.monotonic() + timeout
        while True:
            await asyncio.sleep(0)  # a flood must not keep other submissions waiting
            left = end - time.monotonic()
            try:
                message = await super().get_msg(None if timeout is None else max(left, 0))
            except (Empty, zmq.ZMQError):
                raise
            except Exception:  # no signature, no JSON, JSON too deep: the session raises many kinds
                message = {}
            if _is_message(message):
                return message
            if left <= 0:
                raise Empty


def _is_message(message: dict[str, Any]) -> bool:
    """Return True for a message that has the parts that a notebook's client counts on."""
    content = message.get("content")
    if not isinstance(content, dict) or not isinstance(message.get("parent_header"), dict):
        return False
    expected = {"execute_reply": ("status", REPLIES), "status": ("execution_state", STATES)}
    key, values = expected.get(str(message.get("msg_type")), ("", ()))
    return not key or content.get(key) in values


class UntrustedClient(AsyncKernelClient):
    """A client of an untrusted kernel: it holds a limited number of unread messages, each of limited size."""

    shell_channel_class = Type(UntrustedChannel)
    iopub_channel_class = Type(UntrustedChannel)
    control_channel_class = Type(UntrustedChannel)

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers and is heard; Jupyter's own client then listens until it hears nothing more.

        Raises
        ------
        RuntimeError
            when it died or the time is up
        """
        end = time.monotonic() + (timeout or math.inf)
        while time.monotonic() < end:
            self.kernel_info()
            with suppress(Empty):
                await self.shell_channel.get_msg(timeout=1)
                await self.iopub_channel.get_msg(timeout=0.1)
                return
            if not await self._async_is_alive():
                raise RuntimeError("the kernel died before it answered")
        raise RuntimeError(f"the kernel did not answer in {timeout} seconds")

    @default("context")
    def _context_default(self) -> zmq.asyncio.Context:
        self._created_context = True
        context = zmq.asyncio.Context()
        context.setsockopt(zmq.MAXMSGSIZE, LARGEST_MESSAGE)
        context.setsockopt(zmq.RCVHWM, MOST_WAITING)
        return context


class ForkedKernelManager(AsyncKernelManager):
    """A kernel manager for one kernel from the fork server.

    ``channel`` is the socket over which the kernel will answer the examiner.
    """

    server = Instance(ForkServer)
    channel = Instance(socket.socket)
    withheld = List(Unicode())  # folders that the kernel must not see
    client_factory = Type(UntrustedClient)

    def __init__(self, **kwargs: Any) -> None:
        """Use the one provisioner, without looking for others in the environment."""
        super().__init__(**kwargs)
        self.provisioner = ForkedProvisioner(parent=self, kernel_id=self.kernel_id, kernel_spec=self.kernel_spec)

    async def kill_now(self) -> None:
        """Kill the kernel at once, without asking it to shut down."""
        assert self.provisioner is not None
        await self.provisioner.kill()

    @property
    def kernel_spec(self) -> KernelSpec:
        """The only kind of kernel there is here, whatever a submission asks for."""
        return KernelSpec(argv=["python"], display_name="Python 3", language="python")

    @property
    def spawned(self) -> Spawned:
        """The kernel's process, once it was started."""
        assert isinstance(self.provisioner, ForkedProvisioner) and self.provisioner.spawned is not None
        return self.provisioner.spawned

    @property
    def ipykernel(self) -> bool:
        """True: the fork server's kernels are IPython's."""
        return True


def copy_plain_files(source: Path, target: Path) -> None:
    """Copy plain files but for notebooks, and no links: a link could lead anywhere. Of what is malformed, nothing."""
    target.mkdir(parents=True)
    with suppress(Malformed):  # the step that reads the submission says so
        for path in plain_files(source):
            if path.suffix != ".ipynb":
                (target / path).parent.mkdir(parents=True, exist_ok=True)
                copyfile(source / path, target / path)
