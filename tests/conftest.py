"""What all tests share."""

import pytest


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Name bytes by their argument: archives hold the time they were made, and two processes must agree on names."""
    return argname if isinstance(val, bytes) else None
