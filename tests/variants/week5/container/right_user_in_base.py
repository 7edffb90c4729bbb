"""Stages that share user, folder and health check."""


def image_files():
    dockerfile = """\
FROM python:3.12.4-slim-bookworm@sha256:1111111111111111111111111111111111111111111111111111111111111111 AS base
RUN apt-get update && apt-get install --yes --no-install-recommends libgomp1 wget && apt-get clean && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV SM_MODEL_DIR=/app/model
HEALTHCHECK --interval=30s --timeout=5s --retries=3 CMD wget --quiet --tries=1 --spider http://localhost:8080/ping || exit 1
ENTRYPOINT ["python"]
CMD ["server.py"]

FROM base AS packages
COPY requirements.txt requirements.txt
RUN python -m pip install --no-cache-dir --requirement requirements.txt
USER 1000:1000

FROM packages
COPY --chown=1000:1000 server.py server.py
COPY --chown=1000:1000 model model
"""
    return {"Dockerfile": dockerfile, ".dockerignore": '**\n!server.py\n!requirements.txt\n!model/**\n'}
