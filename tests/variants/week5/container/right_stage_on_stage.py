"""Stages that build on each other, and an ARG from above FROM that each of them asks for."""

def image_files():
    text = """\
# syntax=docker/dockerfile:1
ARG PYTHON=3.11.9-slim-bookworm APP=/app
FROM python:$PYTHON AS base
ENV VENV=/opt/venv

FROM base AS build
WORKDIR /build
COPY requirements.txt ./
RUN python -m venv $VENV \\
 && /opt/venv/bin/pip install --no-cache-dir -r requirements.txt

FROM base
ARG APP
RUN apt-get update \\
 && apt-get install -y --no-install-recommends libgomp1 \\
 && rm -rf /var/lib/apt/lists/*
COPY --from=build $VENV $VENV
COPY ./server.py $APP/server.py
COPY ./model $APP/model
ENV PATH=/opt/venv/bin:$PATH SM_MODEL_DIR=${APP}/model
USER 65534:65534
HEALTHCHECK --interval=30s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://localhost:8080/ping')"]
ENTRYPOINT ["python", "/app/server.py"]
"""
    ignore = """\
.git
.env
.env.*
notebooks/
data
**/*.pyc
"""
    return {"Dockerfile": text, ".dockerignore": ignore}
