"""Run every check and every test that shows an id of BAR.md, and print them as one table."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.audit import kept, pages, slow_clients  # noqa: F401 - each adds its checks
from tests.audit.checks import CHECKS
from tests.audit.stack import Portal
from tests.cache.servers import ROOT

#: What the suite shows: BAR.md's ids -> the tests, run on PostgreSQL.
TESTS = {
    "S02 D07": "tests/accounts/test_roles.py",
    "S03": "tests/browser/test_stored_scripts.py",
    "S04 S04b": "tests/accounts/test_limits.py tests/portal/test_security.py",
    "S05": "tests/accounts/test_second_step.py",
    "S06": "tests/accounts/test_passwords.py",
    "S07": "tests/accounts/test_sessions.py",
    "S09 S10 S11 S12": "tests/cache/test_addresses.py",
    "S14 S15": "tests/browser/test_admin_policy.py",
    "S18": "tests/accounts/test_journal.py",
    "L01 L04 L14 0.axe 0.overflow 0.keyboard 0.script": "tests/browser/reading",
    "L06": "tests/content/test_demo.py",
    "L17": "tests/audit/test_record.py",
    "L18": "tests/portal/test_readability.py",
    "R01 R02 R04 R05 R07 R08": "tests/cache/test_chaos.py tests/cache/test_outage.py",
    "R06": "tests/publishing/test_whole_pages.py",
    "R10": "tests/publishing/test_two_editors.py",
    "R11": "tests/portal/test_work.py tests/publishing/test_killed_schedule.py",
    "R09": "tests/operate/test_full_disk.py",
    "R13": "tests/portal/test_pictures.py",
    "R20": "tests/mail",
    "R16 R17": "tests/operate/test_backup.py",
    "R23": "tests/cache/test_answers.py",
    "doctor": "tests/operate/test_doctor.py",
    "R19": "tests/publishing/test_many_writers.py",
    "D01 D02 D03 D05 D17": "tests/test_bad_input.py",
    "S08 D08 D09 D10 D11 D12": "tests/uploads",
    "D14": "tests/accounts/test_hostile_reset.py",
    "D03 D15 D16": "tests/selection",
    "D03 D18": "tests/publishing/test_hostile_forms.py",
}
#: What is shown by a program of its own, with a clock or a disk of its own.
PROOFS = {"R12": "tests.publishing.clock_proof", "R07 R09": "tests.operate.disk_proof"}


def row(ids: str, verdict: str, what: str, figure: str):
    print(f"{verdict}  {ids:<22} {what:<72} {figure}", flush=True)


def is_wanted(ids: str, only: frozenset[str]) -> bool:
    return not only or bool(only & set(ids.split()))


def run_checks(only: frozenset[str] = frozenset()) -> int:
    failed = 0
    with tempfile.TemporaryDirectory() as folder, Portal(Path(folder)).running() as portal:
        for ids, what, function in CHECKS:
            if not is_wanted(ids, only):
                continue
            try:
                found = function(portal)
            except Exception as error:  # one check that breaks must not hide the others
                row(ids, "FAIL", what, f"{type(error).__name__}: {error}"[:200])
                failed += 1
                continue
            verdict = "open" if not found.is_done else "FAIL" if found.problems else "pass"
            row(ids, verdict, what, found.figure)
            for problem in found.problems[:30]:
                print(f"        {problem}")
            failed += verdict == "FAIL"
    return failed


def run_tests(only: frozenset[str] = frozenset()) -> int:
    """Run the tests of these ids, or of all; how many failed."""
    failed = 0
    for ids, tests in TESTS.items():
        if not is_wanted(ids, only):
            continue
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "--no-header", "-p", "no:warnings", *tests.split()],
            cwd=ROOT,
            env={**os.environ, "MODE": "test", "REQUIRE_BROWSER": "1"},
            capture_output=True,
            text=True,
        )
        lines = done.stdout.strip().splitlines()
        row(ids, "FAIL" if done.returncode else "pass", tests, lines[-1] if lines else done.stderr[-200:])
        for line in lines:
            if line.startswith(("FAILED", "ERROR", "E  ")):
                print(f"        {line[:160]}")
        failed += done.returncode != 0
    return failed


def run_proofs(only: frozenset[str] = frozenset()) -> int:
    failed = 0
    for ids, module in PROOFS.items():
        if not is_wanted(ids, only):
            continue
        done = subprocess.run([sys.executable, "-m", module], cwd=ROOT, capture_output=True, text=True)
        said = (done.stdout + done.stderr).strip().splitlines()
        row(ids, "FAIL" if done.returncode else "pass", module, said[-1] if said else "")
        for line in said[:-1]:
            print(f"        {line[:160]}")
        failed += done.returncode != 0
    return failed


if __name__ == "__main__":
    parts = {"checks": run_checks, "tests": run_tests, "proofs": run_proofs}
    only = frozenset(word for word in sys.argv[1:] if word not in parts)
    named = [part for part in parts if part in sys.argv[1:]]
    failures = sum(parts[part](only) for part in named or parts)
    print(f"{failures} failed" if failures else "all passed")
    sys.exit(bool(failures))
