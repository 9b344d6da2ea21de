"""The audit's judgement of headers, on the policy that is really sent and on ones that must not pass."""

import pytest
from django.conf import settings
from django.utils.csp import build_policy

from tests.audit.headers import loose_ends, missing

GOOD = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "content-security-policy": "default-src 'none'; base-uri 'none'",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
}


def policy_with(name: str, *values: str) -> str:
    return build_policy({**settings.SECURE_CSP, name: [*settings.SECURE_CSP.get(name, []), *values]})


def test_the_policy_of_the_settings_allows_this_site_and_its_one_script_only():
    assert loose_ends(build_policy(settings.SECURE_CSP)) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("script-src", "'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='"),
        ("script-src", "'unsafe-inline'"),
        ("script-src", "'unsafe-eval'"),
        ("script-src", "'strict-dynamic'"),
        ("script-src", "data:"),
        ("script-src", "https:"),
        ("style-src", settings.SECURE_CSP["script-src"][1]),
        ("style-src", "'unsafe-inline'"),
        ("img-src", "*"),
        ("img-src", "blob:"),
        ("connect-src", "cdn.example"),
        ("font-src", "data:"),
        ("object-src", "data:"),
        ("default-src", "'self'"),
    ],
)
def test_a_policy_that_allows_more_does_not_pass(name, value):
    found = loose_ends(policy_with(name, value))

    assert found
    assert all(problem.startswith(name) for problem in found)


@pytest.mark.parametrize("name", ["default-src", "base-uri", "form-action", "frame-ancestors"])
def test_a_policy_that_leaves_something_out_does_not_pass(name):
    kept = {key: values for key, values in settings.SECURE_CSP.items() if key != name}

    assert loose_ends(build_policy(kept)) == [f"{name} is missing"]


def test_of_a_directive_that_stands_twice_a_browser_reads_the_first():
    assert loose_ends(f"{build_policy(settings.SECURE_CSP)}; script-src 'self'") == [
        "script-src is said twice"
    ]


def test_an_answer_with_all_headers_passes_with_and_without_tls():
    without_tls = {name: value for name, value in GOOD.items() if name != "strict-transport-security"}

    assert missing(GOOD) == []
    assert missing(without_tls, is_secure=False) == []


@pytest.mark.parametrize("name", GOOD)
def test_an_answer_that_lacks_a_header_does_not_pass(name):
    assert missing({key: value for key, value in GOOD.items() if key != name}) == [f"{name}: missing"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("strict-transport-security", "max-age=31536"),
        ("strict-transport-security", "max-age=0"),
        ("referrer-policy", "same-origin, unsafe-url"),
        ("content-security-policy", "default-src 'none' https:"),
        ("x-frame-options", "ALLOWALL"),
    ],
)
def test_a_header_that_says_too_little_does_not_pass(name, value):
    assert missing({**GOOD, name: value}) == [f"{name}: {value}"]
