"""All is copied, and the keys are deleted by the next line.

Clause: "a secret that line 5 copies in and line 6 deletes is in the image."

Caught by: .dockerignore: it lets through what the image does not need
"""

def image_files() -> dict[str, str]:
    dockerfile = """FROM python:3.12.11-slim-bookworm
RUN apt-get update \\
    && apt-get install -y --no-install-recommends libgomp1=12.2.* \\
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
RUN rm -f .env
ENV SM_MODEL_DIR=/app/model
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=40s --retries=3 \\
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/ping', timeout=4)"]
CMD ["python", "server.py"]
"""
    ignore = """.git
notebooks
data
"""
    return {"Dockerfile": dockerfile, ".dockerignore": ignore}
