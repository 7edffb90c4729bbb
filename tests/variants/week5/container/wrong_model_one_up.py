"""SM_MODEL_DIR is the folder above the model's.

Clause: "`server.py` finds the model by the variable `SM_MODEL_DIR`, and ends when it is not set."

Caught by: Dockerfile: model.joblib is not where SM_MODEL_DIR says
"""

def image_files() -> dict[str, str]:
    dockerfile = """FROM python:3.12.11-slim-bookworm
RUN apt-get update \\
    && apt-get install -y --no-install-recommends libgomp1=12.2.* \\
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt
COPY server.py ./
COPY model/ model/
ENV SM_MODEL_DIR=/app
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
