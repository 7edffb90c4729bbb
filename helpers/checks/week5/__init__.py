"""Week 5's checks, one module a task: what is compared, and what is said when it differs."""

from helpers.checks.week5 import (
    archive,
    archives,
    champion,
    container,
    deploy,
    kubernetes,
    load_test,
    operate,
    requests,
    rollout,
    server,
)

__all__ = [
    "archive",
    "archives",
    "champion",
    "container",
    "deploy",
    "kubernetes",
    "load_test",
    "operate",
    "requests",
    "rollout",
    "server",
]
