"""The lines as lists, a user that is made, and a .dockerignore that lists what stays out."""

def image_files() -> dict[str, str]:
    ping = "import sys, http.client as h; c = h.HTTPConnection('localhost', 8080, timeout=4); c.request('GET', '/ping')"
    ping += "; sys.exit(c.getresponse().status != 200)"
    lines = [
        "FROM python:3.12.11-slim-bookworm",
        "ENV PYTHONUNBUFFERED=1 SM_MODEL_DIR=/opt/ml/model",
        "RUN apt-get update && apt-get install -y --no-install-recommends libgomp1=12.2.0-14+deb12u1"
        " && rm -rf /var/lib/apt/lists/*",
        "COPY requirements.txt /tmp/requirements.txt",
        "RUN pip install --no-cache-dir --requirement /tmp/requirements.txt"
        " && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin serving",
        "WORKDIR /opt/ml",
        "COPY model /opt/ml/model",
        "COPY server.py /opt/ml/server.py",
        "USER 10001",
        "EXPOSE 8080",
        f'HEALTHCHECK --interval=20s --timeout=5s --start-period=60s CMD ["python", "-c", "{ping}"]',
        'CMD ["python", "/opt/ml/server.py"]',
    ]
    ignored = ["Dockerfile", ".dockerignore", ".env", ".git", "notebooks", "data"]
    return {"Dockerfile": "\n".join(lines) + "\n", ".dockerignore": "\n".join(ignored) + "\n"}
