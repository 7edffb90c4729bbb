"""A load test from a second process: requests that are due at fixed times, and what became of each.

The second process matters: a generator that shares an interpreter with what it measures also measures itself.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count as numbers
from itertools import product
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

LEAD = 0.1  # seconds from the last thread's start until the first request is due
PATIENCE = 300.0  # seconds that a whole test may take


def run(
    endpoint: str,
    batches: Mapping[int, Sequence[bytes]],
    *,
    workers: Sequence[int] = (1,),
    rates: Sequence[float] = (20.0,),
    count: int = 100,
) -> pd.DataFrame:
    """Send requests to an endpoint from another process.

    Parameters
    ----------
    endpoint
        its name, in the cloud that `aws.start` started
    batches
        by how many flights there are in each body: bodies of JSON, sent in turn
    workers
        how many requests may be under way at the same time
    rates
        requests that are due each second, whether or not earlier ones have been answered
    count
        how many to send in each test; there is a test for each number of workers, batch and rate, one after another

    Returns
    -------
    one row for each request: ``workers``, ``rows`` (flights in it) and ``rate`` of its test; ``due``, ``sent`` and
    ``done`` (seconds since the first of its test was due); ``ok``

    Raises
    ------
    RuntimeError
        when the other process could not do it; the message has its last line
    """
    import pandas as pd

    from helpers import aws

    wanted = {"endpoint": endpoint, "workers": list(workers), "rates": list(rates), "count": count}
    wanted["batches"] = [(rows, [base64.b64encode(one).decode() for one in bodies]) for rows, bodies in batches.items()]
    environment = {**os.environ, **aws.environment()}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "helpers.load"],
        input=json.dumps(wanted),
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    if done.returncode:
        raise RuntimeError(f"the load test failed: {(done.stderr.strip().splitlines() or ['no word'])[-1]}")
    return pd.DataFrame(json.loads(done.stdout))


def _send_all(
    client: Any, endpoint: str, bodies: list[bytes], workers: int, rate: float, count: int
) -> list[dict[str, Any]]:
    following, begun = numbers(), list[float]()
    together = threading.Barrier(workers, action=lambda: begun.append(time.perf_counter() + LEAD))

    def worker() -> list[dict[str, Any]]:
        found = []
        together.wait()
        (start,) = begun
        while (number := next(following)) < count:  # next() of a counter is atomic
            due = number / rate
            time.sleep(max(0.0, start + due - time.perf_counter()))
            sent = time.perf_counter() - start
            ok = _answered(client, endpoint, bodies[number % len(bodies)])
            found.append({"due": due, "sent": sent, "done": time.perf_counter() - start, "ok": ok})
        return found

    with ThreadPoolExecutor(workers) as pool:
        return [one for part in [pool.submit(worker) for _ in range(workers)] for one in part.result()]


def _client(workers: int) -> Any:
    import boto3
    from botocore.config import Config

    # One for all threads: it takes long to make, and threads may share it. No second tries: what failed must be seen.
    config = Config(retries={"total_max_attempts": 1}, max_pool_connections=workers)
    return boto3.client("sagemaker-runtime", config=config)


def _answered(client: Any, endpoint: str, body: bytes) -> bool:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        given = {"ContentType": "application/json", "Accept": "application/json"}
        client.invoke_endpoint(EndpointName=endpoint, Body=body, **given)["Body"].read()
    except (BotoCoreError, ClientError):
        return False
    return True


def main() -> None:
    """Read what is wanted from standard input, do it, and write what was found to standard output."""
    wanted = json.load(sys.stdin)
    endpoint, count, client = wanted["endpoint"], wanted["count"], _client(max(wanted["workers"]))
    found = []
    for workers, (rows, texts), rate in product(wanted["workers"], wanted["batches"], wanted["rates"]):
        answered = _send_all(client, endpoint, [base64.b64decode(text) for text in texts], workers, rate, count)
        found += [{"workers": workers, "rows": rows, "rate": rate, **one} for one in answered]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
