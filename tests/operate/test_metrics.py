"""What Prometheus reads is what it can parse, and the dashboard and the alerts ask for nothing else."""

import datetime
import json
import re
import socket
import urllib.request
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.utils import timezone
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from portal.models import Heartbeat
from portal.operate import metrics
from portal.watching import tally
from portal.work import jobs
from portal.work.jobs import WORKER

OPERATE = Path(settings.BASE_DIR) / "docs" / "operate"


@pytest.fixture
def busy(tree, settings, tmp_path, monkeypatch):
    """A portal that was read, that works and that was backed up."""
    for kind in ("web", "jobs"):
        monkeypatch.setattr(tally, kind, tally.Tally("web" if kind == "web" else "worker"))
    settings.BACKUP_DIR = str(tmp_path)
    (tmp_path / "portal-20261102-0330.backup").write_text("x")
    (tmp_path / "last-test-restore").touch()
    Heartbeat.objects.create(name=WORKER, beat_at=datetime.datetime(2026, 11, 2, 4, tzinfo=datetime.UTC))
    tally.web.add("requests", ('odd"name\n', "200", "hit"), [0.003], ('odd"name\n',))
    tally.web.add("requests", ("portal/home_page", "200", "hit"), [0.003], ("portal/home_page",))
    tally.web.add("requests", ("portal/home_page", "503", "none"), [7.0], ("portal/home_page",))
    tally.jobs.add("jobs", ("publish", "failed"), [0.2], ("publish",))
    tally.web.write()
    tally.jobs.write()


def samples() -> dict:
    """Every sample of the exposition, as Prometheus' own parser reads it."""
    text = generate_latest(metrics.registry()).decode()
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_exposition_is_parsed_and_says_what_happened(busy):
    found = samples()

    home = ("template", "portal/home_page")
    assert found["portaal_requests_total", ("cache", "none"), ("status", "503"), home] == 1
    assert (
        found["portaal_requests_total", ("cache", "hit"), ("status", "200"), ("template", 'odd"name\n')] == 1
    )
    assert found["portaal_request_seconds_bucket", ("le", "0.005"), home] == 1
    assert found["portaal_request_seconds_bucket", ("le", "5.0"), home] == 1
    assert found["portaal_request_seconds_bucket", ("le", "+Inf"), home] == 2
    assert found["portaal_request_seconds_sum", home] == 7.003
    assert found["portaal_jobs_total", ("job", "publish"), ("result", "failed")] == 1
    assert found["portaal_queue", ("queue", "publish")] == 0
    assert found["portaal_database_up",] == 1
    assert found["portaal_web_processes",] == 1
    assert found["portaal_worker_beat_timestamp_seconds",] == 1793592000
    assert found["portaal_backup_timestamp_seconds",] == 1793586600


def test_without_a_database_the_rest_is_still_told(busy, monkeypatch):
    monkeypatch.setattr(metrics.Heartbeat, "objects", None)

    found = samples()

    assert found["portaal_database_up",] == 0
    assert ("portaal_backup_timestamp_seconds",) in found


def asked_for(expressions) -> set[str]:
    return {name for text in expressions for name in re.findall(r"\bportaal_\w+", text)}


def test_the_dashboard_and_the_alerts_ask_only_for_what_is_there(busy):
    there = {name for name, *_ in samples()}
    panels = json.loads((OPERATE / "grafana.json").read_text())["panels"]
    rules = yaml.safe_load((OPERATE / "alerts.yml").read_text())["groups"][0]["rules"]

    shown = asked_for(target["expr"] for panel in panels for target in panel["targets"])
    alerted = asked_for(rule["expr"] for rule in rules)

    assert shown - there == set()
    assert alerted - there == set()
    assert there - shown == {
        "portaal_request_seconds_count",
        "portaal_job_seconds_bucket",
    }


def test_there_are_five_alerts_and_each_says_what_to_do():
    rules = yaml.safe_load((OPERATE / "alerts.yml").read_text())["groups"][0]["rules"]

    assert len({rule["alert"] for rule in rules}) == 5
    for rule in rules:
        assert len(rule["annotations"]["what_to_do"]) > 80
        assert rule["expr"].count("(") == rule["expr"].count(")")


def test_the_worker_answers_on_its_own_address(busy, settings):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.METRICS_ADDRESS = f"127.0.0.1:{port}"

    metrics.serve()
    text = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5).read().decode()

    assert "portaal_requests_total" in text


def test_an_address_that_is_taken_or_none_stops_no_worker(settings, log_lines):
    for address in ("0", "127.0.0.1:x"):
        settings.METRICS_ADDRESS = address
        metrics.serve()

    assert [line["level"] for line in log_lines()] == ["error"]


def test_a_job_is_counted_whether_it_fails_or_not(db, monkeypatch, tmp_path):
    own = tally.Tally("worker")
    monkeypatch.setattr(jobs.tally, "jobs", own)
    monkeypatch.setattr(jobs, "_jobs", {})
    jobs.register("good", lambda: None, every=1)
    jobs.register("bad", lambda: 1 / 0, every=1)

    jobs.work_once({})

    assert own.counts == {("jobs", ("good", "done")): 1, ("jobs", ("bad", "failed")): 1}
    assert Heartbeat.objects.get().beat_at <= timezone.now()
