"""Engines that carry an exchange folder, started for a test on the loopback alone and ended with it.

Each has a throw-away home, free ports, no discovery, no relay, no upgrade and nobody to report to. ``engine`` gives the
path of a program or skips the test where the system does not have it (packaging/setup.sh installs it where apt can).
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

PATIENCE = 120.0
"""Seconds a carrier is waited for before the test fails; no figure of it is judged."""
_PORTS = """
import socket, sys
ones = [socket.socket() for _ in range(int(sys.argv[1]))]
for one in ones: one.bind(("127.0.0.1", 0))
print(*[one.getsockname()[1] for one in ones])
"""


def engine(name: str) -> str:
    """Return the path of a program; skip the test when it is not installed."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed, and packaging/setup.sh test could not install it")
    return found


def free_ports(count: int) -> list[int]:
    """Return ports nobody listens on (a process of its own asks: a test has no network)."""
    done = subprocess.run([sys.executable, "-c", _PORTS, str(count)], capture_output=True, check=True)
    return [int(port) for port in done.stdout.split()]


def waited(until: Callable[[], object], what: str) -> None:
    """Wait until something holds."""
    end = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < end, f"{what} did not come to pass"
        time.sleep(0.2)


@contextlib.contextmanager
def running(command: Sequence[str], home: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program with a home of its own until the block ends, and all that it started."""
    home.mkdir(exist_ok=True)
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "XDG_CONFIG_HOME": str(home), "XDG_CACHE_HOME": str(home)}
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            command, env={**env, **more}, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
        )
        try:
            yield process
        finally:
            for number in (signal.SIGTERM, signal.SIGKILL):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(5)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


# --- Syncthing

_OFF = ("globalAnnounceEnabled", "localAnnounceEnabled", "relaysEnabled", "natEnabled", "crashReportingEnabled")


def syncthing_home(program: str, home: Path) -> str:
    """Make the keys and settings of one Syncthing; return its device id."""
    done = subprocess.run(
        [program, "generate", f"--home={home}", "--no-default-folder"],
        env={"PATH": os.environ["PATH"], "HOME": str(home), "STNOUPGRADE": "1"},
        capture_output=True,
        check=True,
    )
    found = re.search(rb"[A-Z2-7]{7}(?:-[A-Z2-7]{7}){7}", done.stdout + done.stderr)
    text = (home / "config.xml").read_text("utf-8")
    return found[0].decode() if found else re.findall(r'<device id="([A-Z2-7-]{63})"', text)[0]


def syncthing_settings(home: Path, shared: Path, *, own: tuple[str, int], other: tuple[str, int], gui: int) -> None:
    """Write the settings of one of a pair that knows the other by its address alone, and shares one folder with it."""
    file = home / "config.xml"
    text = file.read_text("utf-8")
    for name in _OFF:
        text = re.sub(rf"<{name}>.*?</{name}>", f"<{name}>false</{name}>", text)
    text = re.sub(r"<urAccepted>.*?</urAccepted>", "<urAccepted>-1</urAccepted>", text)
    text = re.sub(
        r"<listenAddress>.*?</listenAddress>", f"<listenAddress>tcp://127.0.0.1:{own[1]}</listenAddress>", text
    )
    text = re.sub(r"<startBrowser>.*?</startBrowser>", "<startBrowser>false</startBrowser>", text)
    text = re.sub(
        r"<reconnectionIntervalS>.*?</reconnectionIntervalS>", "<reconnectionIntervalS>1</reconnectionIntervalS>", text
    )
    text = re.sub(r"<address>127\.0\.0\.1:\d+</address>", f"<address>127.0.0.1:{gui}</address>", text)
    text = re.sub(r"<address>dynamic</address>", f"<address>tcp://127.0.0.1:{own[1]}</address>", text)
    folder = (
        f'<folder id="kzdoc" path="{shared}" type="sendreceive" rescanIntervalS="1" fsWatcherEnabled="true"'
        ' fsWatcherDelayS="1" ignorePerms="true">'
        f'<device id="{own[0]}"></device><device id="{other[0]}"></device></folder>'
        f'<device id="{other[0]}" compression="never"><address>tcp://127.0.0.1:{other[1]}</address></device>'
    )
    file.write_text(text.replace("<gui ", folder + "<gui ", 1), "utf-8")


@contextlib.contextmanager
def syncthing_pair(home: Path, one: Path, other: Path) -> Iterator[None]:
    """Run two Syncthings on the loopback that keep two folders the same."""
    program = engine("syncthing")
    ports = free_ports(4)
    homes = [home / "one", home / "other"]
    ids = [syncthing_home(program, place) for place in homes]
    for place, shared, here, there in zip(homes, (one, other), (0, 1), (1, 0), strict=True):
        syncthing_settings(
            place, shared, own=(ids[here], ports[here]), other=(ids[there], ports[there]), gui=ports[2 + here]
        )
    with contextlib.ExitStack() as both:
        for place in homes:
            command = [program, "serve", f"--home={place}", "--no-browser", "--no-restart", "--no-upgrade"]
            both.enter_context(running(command, place / "home", STNOUPGRADE="1", STNODEFAULTFOLDER="1"))
        yield


# --- rclone


def rclone(home: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    """Run one rclone command with settings of its own."""
    home.mkdir(exist_ok=True)
    return subprocess.run(
        [engine("rclone"), "--config", str(home / "rclone.conf"), "--cache-dir", str(home / "cache"), *words],
        env={"PATH": os.environ["PATH"], "HOME": str(home)},
        capture_output=True,
        check=False,
    )


@contextlib.contextmanager
def webdav_server(home: Path, served: Path) -> Iterator[str]:
    """Serve a folder by WebDAV on the loopback; give the name rclone knows it by."""
    (port,) = free_ports(1)
    home.mkdir(exist_ok=True)
    (home / "rclone.conf").write_text(f"[dav]\ntype = webdav\nurl = http://127.0.0.1:{port}\nvendor = other\n")
    command = [engine("rclone"), "serve", "webdav", str(served), "--addr", f"127.0.0.1:{port}", "--config", os.devnull]
    with running(command, home / "server"):
        waited(lambda: rclone(home, "lsf", "dav:").returncode == 0, "the WebDAV server")
        yield "dav:"
