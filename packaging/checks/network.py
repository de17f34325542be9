"""Refuse network modules that import-linter sees only as parts of a bigger package, and any reached by name.

One exception: ``ui/lock_signs.py`` may use QtDBus to hear that the machine goes to sleep. There a bus is reached by
``connectToBus(unix_address(…), …)`` alone, which refuses every address that is not a socket of this machine.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from source import Finding, main, python_files, tree_of

FORBIDDEN = re.compile(
    r"(socket|_socket|ssl|_ssl|http|asyncio|smtplib|ftplib|imaplib|poplib|telnetlib|nntplib|socketserver|xmlrpc|webbrowser"
    r"|multiprocessing|concurrent\.futures\.process|urllib\.(request|robotparser|response)|requests|httpx|aiohttp|urllib3"
    r"|PySide6\.Qt(Network|NetworkAuth|WebSockets|WebEngine\w*|HttpServer|Bluetooth|RemoteObjects|DBus))(\..*)?"
)
DBUS = re.compile(r"PySide6\.QtDBus(\..*)?")
DBUS_FILE = Path("ui", "lock_signs.py")
DBUS_WAYS = frozenset(["systemBus", "sessionBus", "connectToPeer", "QDBusServer", "QDBusInterface"])
OPENERS = frozenset(["openUrl", "setOpenExternalLinks"])


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in ("import_module", "__import__") and node.args and isinstance(node.args[0], ast.Constant):
            return [str(node.args[0].value)]
    return []


def _unguarded_bus(node: ast.AST) -> bool:
    """Tell whether this is a way to a bus that ``unix_address`` does not stand before."""
    if isinstance(node, ast.Attribute | ast.Name):
        return (node.attr if isinstance(node, ast.Attribute) else node.id) in DBUS_WAYS
    if isinstance(node, ast.alias):
        return node.name in DBUS_WAYS
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "connectToBus"):
        return False
    first = node.args[0] if node.args else None
    return not (isinstance(first, ast.Call) and isinstance(first.func, ast.Name) and first.func.id == "unix_address")


def check(root: Path) -> list[Finding]:
    """Return every import of a network module, and every call that hands an address to another program."""
    findings = []
    for path in python_files(root):
        speaks_dbus = path.relative_to(root) == DBUS_FILE
        for node in ast.walk(tree_of(path)):
            line = getattr(node, "lineno", 0)
            found = sorted({name for name in _imported(node) if FORBIDDEN.fullmatch(name)}, key=len)
            if speaks_dbus:
                found = [name for name in found if not DBUS.fullmatch(name)]
            if speaks_dbus and _unguarded_bus(node):
                findings.append(Finding(path, line, "a bus is reached by connectToBus(unix_address(…), …) alone"))
            if found:
                findings.append(Finding(path, line, f"{found[0]}: nothing here reaches a network"))
            if isinstance(node, ast.Attribute) and node.attr in OPENERS:
                findings.append(Finding(path, line, f"{node.attr}: nothing is handed to a browser or another viewer"))
    return findings


if __name__ == "__main__":
    sys.exit(main(check))
