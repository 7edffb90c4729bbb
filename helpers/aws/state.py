"""State that a local cloud's control and its traffic share: simulated time, endpoints and the requests they got."""

from __future__ import annotations

import random
import threading

from helpers.aws.rollout import Service
from helpers.aws.telemetry import Request

ANSWER = 60.0  # real seconds in which a model must answer


class State:
    """The clock, the endpoints and the requests of one cloud; whoever reads or changes them holds ``lock``."""

    def __init__(self) -> None:
        self.now = 0.0  # simulated seconds since the start
        self.answer_within = ANSWER
        self.requests: list[Request] = []  # in the order of time
        self.services: dict[str, Service] = {}  # by the endpoint's ARN
        self.chance = random.Random(0)
        self.lock = threading.RLock()
