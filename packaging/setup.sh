#!/bin/sh
# Make everything that is needed: system packages that are missing, .venv, the pinned wheels, the program in it.
#
#   packaging/setup.sh LEVEL      LEVEL is run, test, interop, package or bench; each includes run
#
# Does nothing, quickly, when nothing is to be done. System packages are installed only on systems with apt and only
# by root or through sudo that asks for nothing; otherwise one line names them. PYTHON names another interpreter.
set -eu
cd "$(dirname "$0")/.."
level=${1:-run}

say() { printf 'set-up: %s\n' "$*" >&2; }

# -- Python ---------------------------------------------------------------------------------------------------------
fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; }

python=
for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null 2>&1 && fits "$name"; then
        python=$name
        break
    fi
done
if [ -z "$python" ]; then
    say "Python 3.11, 3.12 or 3.13 is needed and was not found (Debian: apt-get install python3)"
    exit 1
fi

# -- what the system must have --------------------------------------------------------------------------------------
libraries=$( (ldconfig -p || /sbin/ldconfig -p) 2>/dev/null || true)
missing=

# need PACKAGE KIND NAME: remember the package when the library or command is not there
need() {
    case $2 in
    library) case $libraries in *"$3"*) return ;; esac ;;
    command) if command -v "$3" >/dev/null 2>&1 || [ -x "/usr/sbin/$3" ]; then return; fi ;;
    module) if "$python" -c "import $3" >/dev/null 2>&1; then return; fi ;;
    esac
    missing="$missing $1"
}

need python3-venv module ensurepip
# Qt draws with these, also without a screen
need libgl1 library libGL.so.1
need libegl1 library libEGL.so.1
need libxkbcommon0 library libxkbcommon.so.0
need libdbus-1-3 library libdbus-1.so.3
need libfontconfig1 library libfontconfig.so.1
need libglib2.0-0 library libglib-2.0.so.0
# and with these on a screen
need libxkbcommon-x11-0 library libxkbcommon-x11.so.0
need libx11-xcb1 library libX11-xcb.so.1
need libxcb-cursor0 library libxcb-cursor.so.0
need libxcb-icccm4 library libxcb-icccm.so.4
need libxcb-image0 library libxcb-image.so.0
need libxcb-keysyms1 library libxcb-keysyms.so.1
need libxcb-randr0 library libxcb-randr.so.0
need libxcb-render-util0 library libxcb-render-util.so.0
need libxcb-shape0 library libxcb-shape.so.0
need libxcb-xinerama0 library libxcb-xinerama.so.0
need libxcb-xkb1 library libxcb-xkb.so.1

if [ "$level" = test ] || [ "$level" = interop ]; then
    need git command git
    need xvfb command Xvfb
    need xauth command xauth
    need xdotool command xdotool
    need x11-xkb-utils command setxkbmap
    need poppler-utils command pdftotext
    need qpdf command qpdf
    need strace command strace
    need dbus-daemon command dbus-daemon
    need libsqlite3-0 library libsqlite3.so.0
    # what carries exchange folders, and sticks
    need syncthing command syncthing
    need rclone command rclone
    need dosfstools command mkfs.vfat
    need mtools command mcopy
fi
if [ "$level" = interop ]; then
    need nodejs command node
    need npm command npm
fi
if [ "$level" = package ]; then
    need binutils command objdump
fi

# install PACKAGE…: have apt bring them; says what is missing and fails where it cannot
install() {
    as=
    if [ "$(id -u)" != 0 ]; then
        as="sudo -n"
        if ! sudo -n true 2>/dev/null; then as=none; fi
    fi
    if [ "$as" = none ] || ! command -v apt-get >/dev/null 2>&1; then
        say "these packages are missing; please install them and start again: apt-get install $*"
        return 1
    fi
    say "installing $*"
    log=$(mktemp)
    if ! { $as apt-get -q update && $as env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "$@"; } >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        rm -f "$log"
        say "apt-get could not install $*"
        return 1
    fi
    rm -f "$log"
}

if [ -n "$missing" ]; then
    # shellcheck disable=SC2086 # several words
    install $missing || exit 1
fi
if [ "$level" = bench ]; then
    missing=
    need age command age
    need keepassxc command keepassxc-cli
    if [ -n "$missing" ]; then
        # shellcheck disable=SC2086 # several words
        install $missing || say "they only stand beside ours: the benches go on, and say which they lacked"
    fi
fi

# -- .venv ----------------------------------------------------------------------------------------------------------
stamp=.venv/kzdoc-set-up
# The place is part of it: in a copied or renamed checkout the programs of .venv point elsewhere, so it is made anew.
wanted=$({ cat requirements/runtime.txt requirements/dev.txt pyproject.toml; "$python" -VV; pwd; } | sha256sum)
if [ ! -x .venv/bin/kzdoc-cli ] || [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
    rm -f "$stamp"
    if ! .venv/bin/python -c 'import pip' 2>/dev/null || ! grep -qF "$PWD/.venv" .venv/bin/pip; then
        say "making .venv with $("$python" -V)"
        "$python" -m venv --clear .venv
    fi
    say "installing the pinned wheels (some 200 MB the first time)"
    .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes --only-binary :all: \
        -r requirements/runtime.txt -r requirements/dev.txt
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
    printf '%s\n' "$wanted" >"$stamp"
fi

# -- Node's oracles -------------------------------------------------------------------------------------------------
if [ "$level" = interop ]; then
    modules=tests/interop/node_modules
    wanted=$(cat tests/interop/package.json tests/interop/package-lock.json | sha256sum)
    if [ "$(cat "$modules/.kzdoc-set-up" 2>/dev/null || true)" != "$wanted" ]; then
        say "installing the test vectors and the other implementation of age"
        (cd tests/interop && npm ci --silent --no-audit --no-fund --ignore-scripts)
        printf '%s\n' "$wanted" >"$modules/.kzdoc-set-up"
    fi
fi
