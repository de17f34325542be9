"""Refuse calls that differ between operating systems anywhere but in kzdoc/platform/.

Looked for by name in the syntax tree: modules that exist on some systems only, their like inside ``os``, ``sys`` and
``signal``, and the two methods of ``Path`` that rename, since renaming is neither durable nor equal everywhere.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from source import Finding, main, python_files, tree_of

MODULES = frozenset(
    "fcntl msvcrt winreg _winapi resource _ctypes pwd grp spwd termios tty pty posix nt mmap syslog platform".split()
)
LOADERS = frozenset(
    "CDLL PyDLL WinDLL OleDLL LibraryLoader cdll pydll windll oledll pythonapi util wintypes WinError".split()
)
NAMES = {
    "ctypes": LOADERS,  # its types also serve libraries that a wheel brings along; loading one is the system's matter
    "os": frozenset(
        "name fork forkpty vfork posix_spawn posix_spawnp execv execve execvp execl execlp spawnv spawnl"
        " startfile system popen kill killpg getuid geteuid getgid getegid getlogin setuid setgid setsid"
        " setpgid getpgid getppid umask uname fsync fdatasync sync rename renames replace link symlink"
        " mkfifo mknod chmod chown lchown fchmod fchown chroot statvfs fstatvfs lockf sched_setaffinity"
        " sched_getaffinity nice getloadavg sysconf pathconf sendfile splice memfd_create get_blocking"
        " set_blocking openpty ttyname tcgetpgrp register_at_fork wait waitpid WIFEXITED O_DIRECT"
        " O_NOFOLLOW O_CLOEXEC O_DIRECTORY O_BINARY O_NOINHERIT O_SYNC O_DSYNC RTLD_NOW RTLD_DEEPBIND"
        " RTLD_GLOBAL".split()
    ),
    "sys": frozenset("platform getwindowsversion setdlopenflags getdlopenflags winver".split()),
    "signal": frozenset(
        "SIGKILL SIGSTOP SIGCONT SIGHUP SIGQUIT SIGALRM SIGUSR1 SIGUSR2 SIGPIPE SIGCHLD SIGTSTP"
        " CTRL_C_EVENT CTRL_BREAK_EVENT alarm setitimer pause pthread_kill pthread_sigmask sigwait".split()
    ),
    "time": frozenset(["tzset", "clock_gettime", "CLOCK_BOOTTIME"]),
    "shutil": frozenset(["chown"]),
    "subprocess": frozenset(["STARTUPINFO", "CREATE_NO_WINDOW", "CREATE_NEW_PROCESS_GROUP", "DETACHED_PROCESS"]),
}
OPTIONS = frozenset(["preexec_fn", "start_new_session", "process_group", "creationflags", "startupinfo", "pass_fds"])
SENTENCE = "{} differs between operating systems; it belongs in kzdoc/platform/"


class _Reader(ast.NodeVisitor):
    """Collects what one file says."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.findings: list[Finding] = []
        self.names: dict[str, str] = {}

    def say(self, node: ast.AST, what: str) -> None:
        self.findings.append(Finding(self.path, getattr(node, "lineno", 0), SENTENCE.format(what)))

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            top = alias.name.split(".")[0]
            if top in MODULES or alias.name in ("ctypes.util", "ctypes.wintypes"):
                self.say(node, alias.name)
            self.names[alias.asname or top] = top

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        top = (node.module or "").split(".")[0] if node.level == 0 else ""
        if top in MODULES or node.module in ("ctypes.util", "ctypes.wintypes"):
            self.say(node, node.module or "")
        for alias in node.names:
            if alias.name in NAMES.get(top, ()):
                self.say(node, f"{top}.{alias.name}")

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if isinstance(node.value, ast.Name):
            module = self.names.get(node.value.id, "")
            if node.attr in NAMES.get(module, ()):
                self.say(node, f"{module}.{node.attr}")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        words = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        if isinstance(node.func, ast.Name) and node.func.id in ("getattr", "hasattr", "__import__") and words:
            first = node.args[0]
            module = self.names.get(first.id, "") if isinstance(first, ast.Name) else ""
            if words[-1] in NAMES.get(module, ()) or (node.func.id == "__import__" and words[0] in MODULES):
                self.say(node, f"{module}.{words[-1]}".strip("."))
        if isinstance(node.func, ast.Attribute):
            self._method(node, node.func, words)
        for keyword in node.keywords:
            if keyword.arg in OPTIONS:
                self.say(node, f"{keyword.arg}=")
        self.generic_visit(node)

    def _method(self, node: ast.Call, method: ast.Attribute, words: list[object]) -> None:
        alone = len(node.args) == 1 and not node.keywords
        on_module = isinstance(method.value, ast.Name) and method.value.id in self.names
        if alone and not on_module and method.attr in ("rename", "replace", "symlink_to", "hardlink_to", "chmod"):
            self.say(node, f".{method.attr}()")
        if method.attr == "import_module" and words and str(words[0]).split(".")[0] in MODULES:
            self.say(node, str(words[0]))


def check(root: Path) -> list[Finding]:
    """Return every call outside kzdoc/platform/ that differs between systems."""
    findings = []
    for path in python_files(root):
        if path.is_relative_to(root / "kzdoc" / "platform"):
            continue
        reader = _Reader(path)
        reader.visit(tree_of(path))
        findings += reader.findings
    return findings


if __name__ == "__main__":
    sys.exit(main(check))
