"""BuildKit's newer ways: a here-document, mounts while packages are installed, variables, a health check by a shell."""

def image_files() -> dict[str, str]:
    """Give the texts of "Dockerfile" and ".dockerignore"."""
    dockerfile = """\
# syntax=docker/dockerfile:1
FROM python:3.11.9-slim-bookworm
ENV APP_UID=10001 PORT=8080
ENV SM_MODEL_DIR=/opt/ml/model
RUN <<EOF
set -e
apt-get update
apt-get install -y --no-install-recommends libgomp1
rm -rf /var/lib/apt/lists/*
EOF
RUN --mount=type=cache,target=/root/.cache/pip \\
    --mount=type=bind,source=requirements.txt,target=/tmp/requirements.txt \\
    pip install -r /tmp/requirements.txt
COPY --link model/ $SM_MODEL_DIR/
COPY --link server.py /srv/
USER ${APP_UID}
HEALTHCHECK --interval=10s CMD python -c "import urllib.request as r; r.urlopen('http://localhost:${PORT}/ping')" || exit 1
CMD ["python", "/srv/server.py"]
"""
    return {"Dockerfile": dockerfile, ".dockerignore": "*\n!requirements.txt\n!server.py\n!model\n**/__pycache__\n"}
