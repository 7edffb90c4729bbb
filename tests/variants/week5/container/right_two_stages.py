"""Installs in one stage and copies the result into another; a list of what stays out."""

def image_files():
    text = """\
# syntax=docker/dockerfile:1
ARG PYTHON=3.11.9-slim-bookworm
FROM python:$PYTHON AS build
WORKDIR /build
COPY requirements.txt ./
RUN python -m venv /opt/venv \\
 && /opt/venv/bin/pip install --no-cache-dir -r requirements.txt

FROM python:$PYTHON
RUN apt-get update \\
 && apt-get install -y --no-install-recommends libgomp1 \\
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/venv /opt/venv
COPY ./server.py /app/server.py
COPY ./model /app/model
ENV PATH=/opt/venv/bin:$PATH SM_MODEL_DIR=/app/model
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
