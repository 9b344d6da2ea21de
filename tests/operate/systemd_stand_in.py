"""Runs the documented units as systemd would, where there is none: the commands, the user, the socket, the walls.

Of a [Service] it obeys User, WorkingDirectory, EnvironmentFile, ExecStart, ExecReload, UMask, Type=notify, and of its
sandbox ProtectSystem=strict with ReadWritePaths, ProtectHome, PrivateTmp, NoNewPrivileges and CapabilityBoundingSet.
"""

import configparser
import contextlib
import os
import runpy
import shlex
import signal
import socket
import subprocess
import time
from pathlib import Path

UNITS = Path("/etc/systemd/system")
LOGS = Path("/var/log/units")
COMMAND = Path(__file__).parent.parent.parent / "docs" / "operate" / "portaal"
variables = runpy.run_path(str(COMMAND))["variables"]  # reads an EnvironmentFile as systemd does
WALLS = """
for path in $WRITABLE; do mount --bind "$path" "$path"; done
mount -t tmpfs tmpfs /tmp; mount -t tmpfs -o mode=000 tmpfs /root
mount -o remount,bind,ro /
exec setpriv --reuid="$AS" --regid="$AS" --init-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
  sh -c 'umask "$MASK"; cd "$IN"; LISTEN_PID=$$ exec "$@"' sh "$@"
"""


class Unit(configparser.RawConfigParser):
    """A unit file, in which a name may come more than once."""

    optionxform = staticmethod(str)

    def __init__(self, path: Path):
        super().__init__(strict=False, delimiters=("=",), comment_prefixes=("#",), interpolation=None)
        self.read(path, encoding="utf-8")


class Systemd:
    """The units that run."""

    def __init__(self):
        self.sockets: dict[str, socket.socket] = {}
        self.running: dict[str, subprocess.Popen] = {}
        LOGS.mkdir(exist_ok=True)

    def __call__(self, *words: str):
        """`systemctl WORDS`"""
        verb, *units = [word for word in words if word != "--now"]
        for unit in units:
            name = unit if "." in unit else f"{unit}.service"
            if verb != "daemon-reload":
                getattr(self, {"enable": "start"}.get(verb, verb))(name)

    def start(self, unit: str):
        kind = unit.rpartition(".")[2]
        if unit == "nginx.service":
            subprocess.run(["nginx"], check=True)
        elif kind == "socket":
            host, port = Unit(UNITS / unit)["Socket"]["ListenStream"].rsplit(":", 1)
            self.sockets[unit] = socket.create_server((host, int(port)), backlog=2048)
        elif kind == "timer":
            moment = Unit(UNITS / unit)["Timer"]["OnCalendar"]
            subprocess.run(["systemd-analyze", "calendar", moment], check=True, stdout=subprocess.DEVNULL)
        else:
            self.run(unit)

    def run(self, unit: str) -> int | None:
        """Start a service; of a oneshot, wait for its end and give its exit status."""
        service = Unit(UNITS / unit)["Service"]
        environment = {
            **_environment(service),
            **{
                "WRITABLE": service["ReadWritePaths"],
                "AS": service["User"],
                "IN": service["WorkingDirectory"],
            },
            "MASK": service["UMask"],
        }
        held = self.sockets.get(unit.replace(".service", ".socket"))
        ready = None
        if service.get("Type") == "notify":
            ready = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            address = f"/run/notify-{unit}-{time.monotonic_ns()}"
            ready.bind(address)
            os.chmod(address, 0o666)  # noqa: S103 - the service is another user
            environment["NOTIFY_SOCKET"] = address
        if held:
            environment["LISTEN_FDS"] = "1"

        def hand_over():
            if held:
                os.dup2(held.fileno(), 3)
            os.setsid()

        with (LOGS / unit).open("ab") as log:
            process = subprocess.Popen(
                ["unshare", "-m", "sh", "-c", WALLS, "sh", *shlex.split(service["ExecStart"])],
                env=environment,
                stdout=log,
                stderr=log,
                preexec_fn=hand_over,
                pass_fds=(3,) if held else (),
            )
        if service.get("Type") == "oneshot":
            return process.wait()
        self.running[unit] = process
        if ready:
            ready.settimeout(60)
            while b"READY=1" not in ready.recv(4096):
                pass
        return None

    def stop(self, unit: str):
        if unit == "nginx.service":
            subprocess.run(["nginx", "-s", "quit"], check=True)
            return
        process = self.running.pop(unit, None)
        if process:
            process.terminate()
            process.wait(60)

    def restart(self, unit: str):
        if unit == "nginx.service":
            with contextlib.suppress(subprocess.CalledProcessError):
                self.stop(unit)
                time.sleep(1)
        else:
            self.stop(unit)
        self.start(unit)

    def reload(self, unit: str):
        if unit == "nginx.service":
            subprocess.run(["nginx", "-s", "reload"], check=True)
            return
        words = shlex.split(Unit(UNITS / unit)["Service"]["ExecReload"])
        assert words == ["/bin/kill", "-HUP", "$MAINPID"]
        self.running[unit].send_signal(signal.SIGHUP)

    def stop_all(self):
        """As with a machine that goes: nobody listens any more."""
        for unit in list(self.running):
            self.stop(unit)
        while self.sockets:
            self.sockets.popitem()[1].close()


def _environment(service) -> dict[str, str]:
    """The variables of its file, and those that systemd gives."""
    found = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "HOME": "/srv/portaal"}
    return found | variables(Path(service["EnvironmentFile"]).read_text())
