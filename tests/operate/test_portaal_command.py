"""The command `portaal`: settings as the units get them, whatever is in them, and files where its user stands."""

import getpass
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.operate.systemd_stand_in import variables

COMMAND = Path(settings.BASE_DIR) / "docs" / "operate" / "portaal"
#: A manage.py that tells how it was called.
TELL = (
    "import json, os, sys; print(json.dumps([dict(os.environ), sys.argv, [os.path.abspath(sys.argv[-1])]]))"
)


@pytest.fixture
def place(tmp_path):
    """A server's folders, and `run(text of the settings, shell)`: what manage.py was given."""
    for name in ("app", "releases/2", "home"):
        folder = tmp_path / name
        (folder / ".venv" / "bin").mkdir(parents=True)
        (folder / ".venv" / "bin" / "python").symlink_to(sys.executable)
        (folder / "manage.py").write_text(TELL)
    script = COMMAND.read_text().replace("/etc/portaal.env", f"{tmp_path}/portaal.env")
    script = script.replace("/srv/portaal", str(tmp_path)).replace('"portaal"\n', f'"{getpass.getuser()}"\n')
    (tmp_path / "portaal").write_text(script)
    (tmp_path / "portaal").chmod(0o755)

    def run(text: str, shell: str, **environment: str):
        (tmp_path / "portaal.env").write_text(text)
        done = subprocess.run(
            ["sh", "-euc", shell.replace("portaal", f"{tmp_path}/portaal")],
            cwd=tmp_path / "home",
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    run.folder = tmp_path
    return run


def test_no_shell_reads_the_settings(place):
    values = {
        "MAIL_PASSWORD": "a$b",
        "SECRET_KEY": "x & y(1) ; z | w > gone",
        "DATABASE_URL": "postgres://p:q@host/db?sslmode=require&application_name=x",
        "MAIL_USER": f"`touch {place.folder}/owned`$(touch {place.folder}/owned)",
    }

    given, _, _ = place("".join(f"{name}={value}\n" for name, value in values.items()), "portaal doctor")

    assert values.items() <= given.items()
    assert not (place.folder / "owned").exists()
    assert not (place.folder / "home" / "gone").exists()


def test_a_file_is_one_of_the_folder_where_the_administrator_stands(place):
    _, words, files = place("", "portaal backup x.backup")

    assert words == [f"{place.folder}/app/manage.py", "backup", "x.backup"]
    assert files == [f"{place.folder}/home/x.backup"]


def test_in_the_folder_of_a_release_it_is_that_release_and_nowhere_else(place):
    _, next_one, _ = place("", "cd ../releases/2; portaal migrate")
    _, elsewhere, _ = place("", "portaal migrate")

    assert next_one[0] == f"{place.folder}/releases/2/manage.py"
    assert elsewhere[0] == f"{place.folder}/app/manage.py"


def test_a_limit_that_is_said_with_the_command_counts(place):
    given, _, _ = place(
        "LOCK_TIMEOUT=0\nLOG_LEVEL=ERROR\n", "LOCK_TIMEOUT=2000 portaal migrate", LOG_LEVEL="INFO"
    )

    assert (given["LOCK_TIMEOUT"], given["LOG_LEVEL"]) == ("2000", "ERROR")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A=met spaties  \n", "met spaties"),
        (" A = b\n", "b"),
        ("A='a$b \"c\" \\d'\n", 'a$b "c" \\d'),
        ('A="a \'b\' \\"c\\" \\\\ \\$d \\e"\n', "a 'b' \"c\" \\ $d \\e"),
        ("A=a\\ b\\\\c\\$d\n", "a b\\c$d"),
        ("A=een \\\ntwee\n", "een twee"),
        ("A='a'\"b\" c\n", "abc"),
        ("A=a\"b\"c'd'\n", "a\"b\"c'd'"),
        ("A=a # b\n", "a # b"),
        ("A=\n", ""),
        ("A='een\ntwee'\n", "een\ntwee"),
        ("#A=b\n;A=c\n# d \\\nA=e\nA=f", "f"),
        ("export A=b\n2A=b\nA\nA=één=2\n", "één=2"),
    ],
)
def test_quotes_mean_what_they_mean_to_systemd(text, value):
    """Seen with systemd's own reader (its generator for environment.d), but for `$`, which that one replaces."""
    assert variables(text) == {"A": value}
