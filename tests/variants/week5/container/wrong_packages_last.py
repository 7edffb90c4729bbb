"""The packages are installed below server.py and the model, so that a new model installs them anew.

Clause: "a layer is rebuilt when its line, the files that it copies, or any layer above it has changed"

Caught by: Dockerfile: the model or the server is copied before the packages are installed
"""

def image_files() -> dict[str, str]:
    dockerfile = """FROM python:3.12.11-slim-bookworm
RUN apt-get update \\
    && apt-get install -y --no-install-recommends libgomp1=12.2.* \\
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt server.py ./
COPY model/ model/
RUN pip install --no-cache-dir -r requirements.txt
ENV SM_MODEL_DIR=/app/model
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=40s --retries=3 \\
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/ping', timeout=4)"]
CMD ["python", "server.py"]
"""
    ignore = """*
!requirements.txt
!server.py
!model
!model/**
"""
    return {"Dockerfile": dockerfile, ".dockerignore": ignore}
