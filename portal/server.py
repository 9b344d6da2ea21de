"""How gunicorn runs the portal: `gunicorn --config python:portal.server portal.wsgi`."""

bind = "127.0.0.1:8000"  # unless systemd hands over a socket (docs/operate/portaal-web.socket)
workers, threads = 2, 8  # or --workers N behind it
worker_class = "gthread"
control_socket_disable = True
# A worker is replaced now and then, so that memory that leaks somewhere never matters. To start one costs as much CPU
# as some 8,000 answers from the page cache.
max_requests, max_requests_jitter = 200_000, 20_000
graceful_timeout = 25
keepalive = 75  # longer than nginx keeps its own side open
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "portal.watching.logs.JsonFormatter"}},
    "handlers": {
        "stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}
    },
    "root": {"level": "INFO", "handlers": ["stdout"]},
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": ["stdout"], "propagate": False}},
}
