#!/bin/bash
# Prove that two commands are enough: an empty Debian 12 with nothing but python3 and make, a fresh clone, `make demo`
# and `make test`. Run as root:
#
#   packaging/debian-root-test.sh FOLDER [TARGET ...]        FOLDER is made (or used again); TARGETs: demo test
#
# The settings of this machine's package clients (apt, pip, npm, certificates) are brought into FOLDER, never into the
# repository. Folders they point to are mounted there, for reading, while this runs.
set -euo pipefail
[ "$(id -u)" = 0 ] || { echo "this needs root (chroot)" >&2; exit 2; }
[ $# -ge 1 ] || { sed -n '2,10p' "$0" >&2; exit 2; }
root=$(realpath -m "$1")
shift
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(demo test)
here=$(cd "$(dirname "$0")/.." && pwd)
began=$SECONDS

say() { printf '\n== %s\n' "$*"; }

# -- an empty Debian 12 ---------------------------------------------------------------------------------------------
if [ ! -x "$root/usr/bin/apt-get" ]; then
    mirror=$({ sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/*.sources; sed -n 's/^deb  *\(\[[^]]*\] *\)\{0,1\}\([^ ]*\).*/\2/p' /etc/apt/sources.list /etc/apt/sources.list.d/*.list; } 2>/dev/null | head -n 1 || true)
    say "debootstrap"
    debootstrap --variant=minbase bookworm "$root" "$mirror" >"$root.log" 2>&1 || { tail "$root.log"; exit 1; }
fi

# -- this machine's package clients ---------------------------------------------------------------------------------
bring() {
    local path
    for path in "$@"; do
        [ -e "$path" ] || continue
        mkdir -p "$root$(dirname "$path")"
        cp -aLT "$path" "$root$path" 2>/dev/null || cp -aT "$path" "$root$path"
    done
}
rm -f "$root/etc/apt/sources.list"
bring /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/keyrings /etc/apt/trusted.gpg.d /etc/apt/auth.conf.d \
    /usr/share/keyrings /etc/ssl/certs /usr/local/share/ca-certificates /usr/share/ca-certificates \
    /etc/resolv.conf /etc/hosts /etc/pip.conf /etc/npmrc "$HOME/.config/pip" "$HOME/.pip" "$HOME/.npmrc"
for path in $(grep -lrs '^ *Acquire' /etc/apt/apt.conf /etc/apt/apt.conf.d); do bring "$path"; done

environment=()
while IFS='=' read -r name value; do
    case $name in
    PIP_* | npm_config_* | NODE_EXTRA_CA_CERTS | SSL_CERT_* | REQUESTS_CA_BUNDLE | CURL_CA_BUNDLE | *_proxy | *_PROXY)
        environment+=("$name=$value") ;;
    esac
done < <(env)

# Folders that the settings of pip point to: mounted, since they can be large (an index with the files beside it).
mapfile -t pointed < <({ cat /etc/pip.conf "$HOME/.config/pip/pip.conf" "$HOME/.pip/pip.conf" 2>/dev/null; env | grep '^PIP_'; } |
    grep -o '\(file://\|[= ]\)/[^ ]*' | sed 's#^file://##; s#^[= ]##; s#/simple/*$##' | sort -u)
mounted=()
unmount() {
    local index
    for ((index = ${#mounted[@]} - 1; index >= 0; index--)); do umount "${mounted[index]}" || true; done
}
trap unmount EXIT
attach() {
    mkdir -p "$root$2"
    if mount "${@:3}" "$1" "$root$2"; then mounted+=("$root$2"); fi
}
for path in "${pointed[@]}"; do
    [ -d "$path" ] && [ "$path" != / ] && attach "$path" "$path" --bind -o ro
done
attach proc /proc -t proc
attach tmpfs /dev/shm -t tmpfs
attach devpts /dev/pts -t devpts

inside() {
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME="$HOME" LANG=C.UTF-8 TERM=dumb \
        "${environment[@]}" chroot "$root" /bin/sh -c "$1"
}

say "python3 and make, as a person would have them"
inside 'apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends python3 make' >"$root.log" 2>&1 ||
    { tail "$root.log"; exit 1; }
inside 'python3 -VV; make --version | head -n 1; dpkg-query -W | wc -l'

# -- a fresh clone, and the commands --------------------------------------------------------------------------------
rm -rf "$root/srv/kzdoc"
git -c safe.directory="$here" clone -q --no-hardlinks "$here" "$root/srv/kzdoc"
chown -R 0:0 "$root/srv/kzdoc"
echo "commit $(git -c safe.directory='*' -C "$root/srv/kzdoc" rev-parse --short HEAD), prepared in $((SECONDS - began)) s"
status=0
for target in "${targets[@]}"; do
    say "make $target"
    started=$SECONDS
    inside "cd /srv/kzdoc && make $target" || { status=$?; echo "make $target: exit $status"; }
    echo "make $target took $((SECONDS - started)) s"
done
du -sh "$root/srv/kzdoc/.venv" | cut -f1 | sed 's/^/.venv: /'
exit $status
