"""Programs that break one rule each; the checks of this folder must catch every one of them."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.leaks import canaries

DISK = {
    "temporary": """
import os, tempfile
handle, name = tempfile.mkstemp(); os.write(handle, VALUE.encode()); os.close(handle); os.unlink(name)
""",
    "utf-16": "open('vault.db', 'wb').write(VALUE.encode('utf-16-le'))",
    "utf-16 be": "open('vault.db', 'wb').write(VALUE.encode('utf-16-be'))",
    "base64": "import base64; open('vault.db', 'wb').write(base64.b64encode(b'{\"n\":\"' + VALUE.encode()))",
    "percent": "import urllib.parse; open('vault.db', 'w').write('lastVisited=file:///' + urllib.parse.quote(VALUE))",
    "nfd": "import unicodedata; open('vault.db', 'wb').write(unicodedata.normalize('NFD', VALUE).encode())",
    "folded": "from kzdoc.names.fold import fold; open('vault.db', 'wb').write(fold(VALUE).encode())",
    "json": "import json; open('vault.db', 'w').write(json.dumps({'recent': VALUE}))",
    "split": "f = open('vault.db', 'wb', 0); d = VALUE.encode(); f.write(d[:17]); f.write(d[17:])",
    "vector": "import os; f = os.open('vault.db', 65, 384); d = VALUE.encode(); os.writev(f, [d[:15], d[15:]])",
    "name": "open(VALUE, 'w').close()",
    "moved name": "import os; open('vault.db', 'w').close(); os.rename('vault.db', VALUE)",
    "command line": "import subprocess; subprocess.run(['true', VALUE])",
    "child": "import subprocess, sys; subprocess.run([sys.executable, '-c', "
    '\'import sys; open("vault.db", "w").write(sys.stdin.read())\'], input=VALUE.encode())',
    "temporary table": """
from kzdoc.platform.hardening import load_sqlcipher
c = load_sqlcipher().connect('vault.db'); c.set_key(bytearray(b"x'" + b'11' * 48 + b"'"))
c.execute('pragma temp_store = 1'); c.execute('pragma temp.cache_size = 10')
c.execute('create temp table t (x)')
c.executemany('insert into t values (?)', [(VALUE + str(n),) for n in range(20000)])
""",
}
"""Each leaves a canary among the bytes or names it hands to the kernel."""

STRANGERS = {
    "stray file": "open('recently-used.xbel', 'w').close()",
    "history of Qt's dialog": """
import os; os.environ['QT_QPA_PLATFORM'] = 'offscreen'
from PySide6.QtCore import QSettings, QCoreApplication
s = QSettings(QSettings.Scope.UserScope, 'QtProject'); s.setValue('FileDialog/lastVisited', 'x'); s.sync()
""",
    "core-like file elsewhere": "open('/tmp/kzdoc-twin', 'w').close(); import os; os.unlink('/tmp/kzdoc-twin')",
}
"""Each makes a file that nothing allows."""

SOCKETS = {
    "internet": "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()",
    "internet 6": "import socket; socket.socket(socket.AF_INET6, socket.SOCK_STREAM).close()",
}
MAPPED = "import mmap; f = open('vault.db', 'w+b'); f.truncate(4096); mmap.mmap(f.fileno(), 4096)[:4] = b'name'"
COPIED = (
    "import os; a = os.open('source', os.O_RDONLY); b = os.open('vault.db', os.O_WRONLY | os.O_CREAT); "
    "os.sendfile(b, a, 0, 100)"
)


def command(code: str) -> list[str]:
    """Return the command of a twin; the value comes in by a pipe, so it is in no list of processes."""
    head = f"import sys; sys.path.insert(0, {str(Path(__file__).parents[2])!r}); VALUE = sys.stdin.read()\n"
    return [sys.executable, "-c", head + code]


def value() -> bytes:
    """Return what a twin lets go."""
    return canaries.value("жасырын").encode()
