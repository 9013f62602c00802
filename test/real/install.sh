#!/usr/bin/env bash
# Installs the real servers and programs the tests run against, from Debian's (or Ubuntu's) packages.
# Idempotent: where everything is there it ends at once and asks nothing of the network.
# Needs apt, and root or sudo. No package may start its daemon here: tests start their own, on their own ports.
set -euo pipefail

# What the tests start, and the package each comes from.
readonly WANTED=(
  "redis-server redis-server"
  "redis-sentinel redis-sentinel"
  "redis-cli redis-tools"
  "nagios4 nagios4-core"
  "/usr/lib/cgi-bin/nagios4/statusjson.cgi nagios4-cgi"
  "apache2 apache2-bin"
  "icinga2 icinga2-bin"
  "/usr/share/icinga2/include/itl icinga2-common"
  "/usr/lib/nagios/plugins/check_tcp monitoring-plugins-basic"
  "nsca nsca"
  "send_nsca nsca-client"
  "chromium chromium"
  "ss iproute2"
  "ip iproute2"
  "nsenter util-linux"
  "unshare util-linux"
  "nft nftables"
  "/lib/systemd/systemd systemd"
  "mount mount"
  "ps procps"
  "setpriv util-linux"
  "flock util-linux"
  "htpasswd apache2-utils"
  "openssl openssl"
  "ssh openssh-client"
  "sshd openssh-server"
  "busybox busybox"
  "dash dash"
  "mawk mawk"
  "gawk gawk"
  "original-awk original-awk"
  "curl curl"
  "/usr/lib/*/faketime/libfaketimeMT.so.1 libfaketime"
  "zsh zsh"
  "fish fish"
  "man man-db"
  "debootstrap debootstrap"
  "dpkg-deb dpkg"
  "lintian lintian"
  "/usr/share/icingaweb2/public/index.php icingaweb2"
  "/usr/share/icingaweb2/modules/monitoring icingaweb2-module-monitoring"
  "/usr/share/icingaweb2/modules/icingadb icingadb-web"
  "icingadb icingadb"
  "/usr/share/icinga2-ido-pgsql/schema/pgsql.sql icinga2-ido-pgsql"
  "/usr/lib/postgresql/*/bin/initdb postgresql"
  "/usr/lib/apache2/modules/libphp*.so libapache2-mod-php"
  "/usr/lib/php/*/pgsql.so php-pgsql"
  "/usr/lib/php/*/curl.so php-curl"
)

# Debian keeps daemons in sbin, which ordinary users do not have on their PATH.
export PATH="$PATH:/usr/sbin:/sbin"

say() { printf 'install: %s\n' "$*"; }

is_there() {
  case $1 in
    /*) compgen -G "$1" > /dev/null ;;
    *) command -v "$1" > /dev/null ;;
  esac
}

missing_packages() {
  local entry
  for entry in "${WANTED[@]}"; do
    is_there "${entry% *}" || printf '%s\n' "${entry#* }"
  done | sort -u
}

as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  else
    sudo -n "$@"
  fi
}

# While packages are installed invoke-rc.d asks this file, and 101 means: do not start.
readonly POLICY=/usr/sbin/policy-rc.d
forbid_starting() {
  [[ -e $POLICY ]] && return
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$POLICY" > /dev/null
  as_root chmod 755 "$POLICY"
  trap 'as_root rm -f "$POLICY"' EXIT
}

# A machine whose own policy lets services start may have started this one now.
stop_what_we_started() {
  local service
  for service in redis-server redis-sentinel nagios4 icinga2 icingadb postgresql apache2; do
    if [[ " $packages " == *" $service"* ]] && command -v service > /dev/null; then
      as_root service "$service" stop > /dev/null 2>&1 || true
    fi
  done
}

packages=$(missing_packages | tr '\n' ' ')
if [[ -z $packages ]]; then
  say "everything is there"
  exit 0
fi
if ! command -v apt-get > /dev/null; then
  say "needs apt-get to install: $packages" >&2
  exit 1
fi
if [[ $(id -u) != 0 ]] && ! sudo -n true 2> /dev/null; then
  say "needs root: run it as root, or once with sudo: sudo $0" >&2
  exit 1
fi

say "installing $packages"
forbid_starting
as_root apt-get update -q
# php-cgi: nagios4-cgi wants some PHP; without this apt would choose the one that brings Apache along.
[[ $packages == *nagios4-cgi* ]] && packages+="php-cgi "
# shellcheck disable=SC2086 # a list of words
as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $packages < /dev/null
stop_what_we_started

still=$(missing_packages | tr '\n' ' ')
if [[ -n $still ]]; then
  say "still missing after the installation: $still" >&2
  exit 1
fi
say "everything is there"
