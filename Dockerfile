# The API of render.yaml as an image. DATABASE_URL and SECRET_KEY are given when it runs.
FROM python:3.12-slim

# WEB_CONCURRENCY: a container sees every core of its host, whatever its own share of them is.
ENV PYTHONUNBUFFERED=1 \
    APP_ENV=production \
    HOST=0.0.0.0 \
    PORT=5000 \
    WEB_CONCURRENCY=2

RUN useradd --create-home --uid 10001 finlead
WORKDIR /srv/finlead

COPY requirements-server.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements-server.lock

COPY app.py config.py ./
COPY commands commands
COPY controllers controllers
COPY dashboard dashboard
COPY migrations migrations
COPY models models
COPY services services
COPY utils utils

USER finlead
EXPOSE 5000
HEALTHCHECK --start-period=60s --timeout=5s CMD ["python", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=3); c.request('GET', '/healthz'); sys.exit(c.getresponse().status != 200)"]
CMD ["python", "-m", "commands.serve", "--migrate"]
