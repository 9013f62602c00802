#!/bin/sh
# The agent for hosts without Node: the report of version 1 from ss, ip and curl. POSIX sh, any awk; gzip is used where
# it is there. Less than dotm-agent.mjs: one network namespace, no event source, and process names for root only; others
# see units.
#
# usage: dotm-agent.sh once [--host NAME] [--interval SECONDS]
#        dotm-agent.sh run --server URL [--token-file FILE] [--interval SECONDS] [--host NAME] [--spool DIR]
#                          [--ca-file FILE] [--cert-file FILE --key-file FILE] [--allow-http]
set -u
export LC_ALL=C
PATH=${PATH:-}:/usr/sbin:/usr/bin:/sbin:/bin
umask 077

AGENT=dotm-agent.sh/1
# Bounds of the spool: reports and kilobytes.
MOST_REPORTS=1000
MOST_KB=65536

say() { printf 'dotm-agent.sh: %s\n' "$*" >&2; }
wrong() { say "$*"; say "run sh $0 --help for its options"; exit 2; }
need() { command -v "$1" > /dev/null 2>&1 || { say "$1 is missing; install $2"; exit 1; }; }

# Turns the listings on stdin into one line of JSON. Every text of the system goes through quoted().
# shellcheck disable=SC2016 # these are awk's own dollars
REPORT='
BEGIN {
  NOBODY = "\034\034"
  # Directions are kept: the listener may be closed by now.
  if (seenfile != "") {
    while ((getline line < seenfile) > 0) { at = index(line, " "); before[substr(line, at + 1)] = substr(line, 1, at - 1) }
    close(seenfile)
  }
  clients_from = 32768
  file = "/proc/sys/net/ipv4/ip_local_port_range"
  if ((getline line < file) > 0 && line + 0 >= 1024) clients_from = line + 0
  close(file)
  split("LISTEN UNCONN ESTAB SYN-SENT SYN-RECV NEW-SYN-RECV TIME-WAIT FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT LAST-ACK CLOSING", words, " ")
  for (i in words) states[words[i]] = 1
  inner = "^(docker[0-9]*|docker_gwbridge|br-[0-9a-f]+|veth.*|cni.*|podman[0-9]*|flannel.*|cali.*|tunl[0-9]+|cilium_.*|lxc.*|lxdbr[0-9]+|incusbr[0-9]+|virbr[0-9]+.*|vnet[0-9]+|tap[0-9]+|kube-ipvs[0-9]+|nodelocaldns)$"
}
function quoted(text,   out, i, c) {
  if (text ~ /^[A-Za-z0-9_.:@ -]*$/) return "\"" text "\""
  out = ""
  for (i = 1; i <= length(text); i++) {
    c = substr(text, i, 1)
    if (c == "\\" || c == "\"") out = out "\\" c
    else if (c >= " " && c != "\177") out = out c
  }
  return "\"" out "\""
}
function maybe(text) { return text == "" ? "null" : quoted(text) }
# Address and port of an end, into the globals address and port; 0 for *.
function ends(text,   at) {
  at = match(text, /:[^:]*$/)
  if (!at) return 0
  port = substr(text, at + 1); address = substr(text, 1, at - 1)
  if (port == "*") port = 0
  # A text until it is counted with: "80" > 65535 would compare letters.
  if (port !~ /^[0-9]+$/ || port + 0 > 65535) return 0
  port = port + 0
  gsub(/[][]/, "", address); sub(/%.*/, "", address)
  if (address ~ /^::ffff:[0-9]+\./) address = substr(address, 8)
  if (address == "*") address = "::"
  return address ~ /^[0-9a-fA-F:.]+$/
}
# Name and number of the first process that holds a socket, into the globals name and pid.
function user(line,   rest) {
  name = ""; pid = ""
  if (!match(line, /users:\(\("/)) return
  rest = substr(line, RSTART + RLENGTH)
  if (!match(rest, /",pid=[0-9]+/)) return
  name = substr(rest, 1, RSTART - 1); pid = substr(rest, RSTART + 6, RLENGTH - 6)
}
# Unit and container of a control group.
function place(path,   parts, n, i, unit, box) {
  n = split(path, parts, "/")
  for (i = 2; i <= n; i++) {
    if (parts[i] ~ /\.service$/ && parts[i] !~ /^user@/) unit = parts[i]
    if (parts[i] !~ /conmon-/ && match(parts[i], /[0-9a-f]+(\.scope)?$/) && RLENGTH >= 64) { box = substr(parts[i], RSTART, 12); unit = "" }
    else if (parts[i] ~ /^lxc\.payload\./) { box = substr(parts[i], 13); unit = "" }
    else if (parts[i - 1] == "lxc") { box = parts[i]; unit = "" }
  }
  return unit "\034" box
}
# Unit and container of a process, read once for each.
function owner(   file, line, found) {
  if (pid in owners) return owners[pid]
  found = "\034"
  file = "/proc/" pid "/cgroup"
  while (pid != "" && (getline line < file) > 0) {
    if (line ~ /^[0-9]+:(name=systemd)?:/ && place(line) != "\034") found = place(line)
  }
  if (pid != "") close(file)
  owners[pid] = found
  return found
}
# The same of a socket whose process may not be seen: ss tells everybody in which control group it was made.
function maker(line) {
  return match(line, / cgroup:\/[^ ]+/) ? place(substr(line, RSTART, RLENGTH)) : "\034"
}
# Owner of the listener that takes what comes to an address and port; empty where there is none.
function server(proto, address, port) {
  if ((proto, port, address) in servers) return servers[proto, port, address]
  if ((proto, port, "::") in servers) return servers[proto, port, "::"]
  return address !~ /:/ && (proto, port, "0.0.0.0") in servers ? servers[proto, port, "0.0.0.0"] : ""
}
# in or out, by who listens, else by the port that is none of clients, else by the one that several connections share;
# empty where nothing tells the ends apart: half of such edges would be wrong.
function direction(proto, lip, lport, rip, rport,   near, far) {
  if (server(proto, lip, lport) != "") return "in"
  if (lip == rip && server(proto, rip, rport) != "") return "out"
  if ((lport < clients_from) != (rport < clients_from)) return lport < clients_from ? "in" : "out"
  near = sharing[proto, lip, lport]
  far = (proto, rip, rport) in sharing ? sharing[proto, rip, rport] : 1
  if (near == far && (lip == rip || (proto, rip, rport) in sharing)) return ""
  return near > far ? "in" : "out"
}
function owned(key,   part) {
  split(key, part, "\034")
  return "\"process\":" maybe(part[1]) ",\"unit\":" maybe(part[2]) ",\"container\":" maybe(part[3]) ",\"netns\":null"
}
/^@/ { section = $1; next }
section == "@ip" {
  for (i = 3; i < NF; i++) if ($i == "scope" && $(i + 1) ~ /^global/ && $2 !~ inner && $3 ~ /^inet/) {
    sub(/\/.*/, "", $4)
    if (!($4 in own)) { own[$4] = 1; ips = ips (ips == "" ? "" : ",") quoted($4) }
  }
  next
}
section == "@unix" {
  if ($1 !~ /^u_(str|seq)$/ || $2 != "ESTAB") next
  # Paths may hold blanks: counted from the number of the socket on. Before them stand numbers, too: those of the queues.
  path = $0
  sub(/^[^ ]+ +ESTAB +[0-9]+ +[0-9]+ +/, "", path)
  if (!match(path, / [0-9]+ +\* [0-9]+ /)) next
  split(substr(path, RSTART, RLENGTH), numbers, " ")
  path = substr(path, 1, RSTART - 1)
  sub(/ +$/, "", path)
  # Some programs fill an abstract name up with zeros.
  if (path ~ /^@.*[^@]@+$/) sub(/@+$/, "", path)
  user($0)
  uid[++nx] = numbers[1]; upath[numbers[1]] = path; upeer[numbers[1]] = numbers[3]; uname[numbers[1]] = name
  uowner[numbers[1]] = name "\034" owner()
  next
}
section == "@tcp" {
  proto = $1
  if (proto == "Netid") answered = 1
  if (proto != "tcp" && proto != "udp") next
  if (!($2 in states)) { if ($2 != "State") dropped++; next }
  if (!ends($5)) { dropped++; next }
  lip = address; lport = port
  if (!ends($6)) { dropped++; next }
  rip = address; rport = port
  user($0)
  key = name "\034" (pid == "" ? maker($0) : owner())
  if (rport == 0) {
    if (lport == 0 || (proto == "tcp" && $2 != "LISTEN") || (proto == "udp" && lport >= clients_from)) next
    id = proto " " lip " " lport "\034" key
    if (id in listener) next
    if (nl >= 4096) { dropped++; next }
    listener[id] = 1
    listeners[++nl] = "{\"proto\":\"" proto "\",\"address\":" quoted(lip) ",\"port\":" lport "," owned(key) "}"
    if (!((proto, lport, lip) in servers)) servers[proto, lport, lip] = key
    if (name == "") unattributed++
    next
  }
  # An attempt is no connection yet.
  if (lport == 0 || $2 ~ /SYN/) next
  n++
  rows[n] = proto " " lip " " lport " " rip " " rport; state[n] = $2; whose[n] = key
  sharing[proto, lip, lport]++
}
END {
  # A listing without its heading is none: what it does not tell is not gone.
  if (!answered) exit 1
  for (i = 1; i <= n; i++) {
    split(rows[i], f, " ")
    fresh = !(rows[i] in before)
    way = fresh ? direction(f[1], f[2], f[3] + 0, f[4], f[5] + 0) : before[rows[i]]
    if (way == "") continue
    if (newfile != "") print way, rows[i] > newfile
    if (state[i] != "ESTAB" && !fresh) continue
    end = way (way == "in" ? " " f[3] " " : " " f[5] " ") f[1] " " f[4]
    if (whose[i] == NOBODY && way == "in" && server(f[1], f[2], f[3]) != "") whose[i] = server(f[1], f[2], f[3])
    if (state[i] == "ESTAB" && whose[i] ~ /^\034/) unattributed++
    # Closed ones have no process any more.
    if (state[i] != "ESTAB" && whose[i] == NOBODY) { late[++lates] = i; late_end[lates] = end; continue }
    id = end "\034" whose[i]
    if (!(id in group)) { if (end in only) only[end] = ""; else only[end] = whose[i] }
    add(id, i, fresh)
  }
  # They are added to the one process that talks there, too, if it is one.
  for (j = 1; j <= lates; j++) {
    end = late_end[j]
    add(end "\034" ((end in only) && only[end] != "" ? only[end] : NOBODY), late[j], 1)
  }
  # Printed piece by piece: to make one text of them would copy all of it for each.
  printf "{\"version\":1,\"host\":%s,\"agent\":%s,\"time\":\"%s\",\"interval\":%d,\"sequence\":%d,\"boot\":%s,\"ips\":[%s],\"listeners\":[", quoted(host), quoted(agent), time, interval, sequence, quoted(boot), ips
  for (i = 1; i <= nl; i++) printf "%s%s", (i == 1 ? "" : ","), listeners[i]
  printf "],\"connections\":["
  for (g = 1; g <= groups; g++) connection(g, order[g])
  printf "],\"unix\":["
  for (x = 1; x <= nx; x++) pair(uid[x], upeer[uid[x]])
  for (x = 1; x <= nu; x++) peers(x, pairs[x])
  if (unattributed > 0) notes = quoted(unattributed " sockets have no process: ss tells it to root only")
  printf "],\"processes\":[],\"capture\":{\"level\":\"ss\",\"lost\":0,\"unattributed\":%d,\"dropped\":%d,\"notes\":[%s]}}\n", unattributed, dropped, notes
}
function add(id, i, fresh) {
  if (!(id in group)) {
    if (groups >= 20000) { dropped++; return }
    order[++groups] = id; group[id] = i
  }
  if (state[i] == "ESTAB") count[id]++
  if (fresh) opened[id]++
}
function connection(g, id,   inward) {
  split(rows[group[id]], f, " ")
  inward = id ~ /^in /
  printf "%s{\"direction\":\"%s\",\"proto\":\"%s\",%s,", (g == 1 ? "" : ","), (inward ? "in" : "out"), f[1], owned(substr(id, index(id, "\034") + 1))
  printf "\"localAddress\":%s,\"localPort\":%s,\"remoteAddress\":%s,\"remotePort\":%s,", quoted(f[2]), (inward ? f[3] : "null"), quoted(f[4]), (inward ? "null" : f[5])
  printf "\"count\":%d,\"opened\":%d,\"lastSeen\":\"%s\"}", count[id], opened[id], time
}
# Counts one connection over a Unix socket: the accepted end bears the path.
function pair(id, peer) {
  if (upath[id] == "*" || upeer[peer] != id || upath[peer] != "*" || uname[id] == "" || uname[peer] == "") return
  if (uowner[id] == uowner[peer] || upath[id] ~ /^\/run\/systemd\/journal\//) return
  id = upath[id] "\035" uowner[id] "\035" uowner[peer]
  if (id in times) { times[id]++; return }
  if (nu >= 4096) { dropped++; return }
  pairs[++nu] = id; times[id] = 1
}
function peers(x, id,   u, s, c) {
  split(id, u, "\035"); split(u[2], s, "\034"); split(u[3], c, "\034")
  printf "%s{\"path\":%s,\"server\":%s,\"serverUnit\":%s,\"serverContainer\":%s,", (x == 1 ? "" : ","), quoted(u[1]), quoted(s[1]), maybe(s[2]), maybe(s[3])
  printf "\"client\":%s,\"clientUnit\":%s,\"clientContainer\":%s,\"count\":%d}", quoted(c[1]), maybe(c[2]), maybe(c[3]), times[id]
}
'

# Prints one report; fails without one where ss gave no listing. $1 sequence, $2 boot, $3 file of the connections seen
# before, $4 file for those seen now.
report() {
  {
    echo @tcp
    ss -tunaep
    echo @unix
    ss -xp 2> /dev/null
    echo @ip
    ip -o addr
  } | awk -v host="$HOST" -v agent="$AGENT" -v interval="$INTERVAL" -v sequence="$1" -v boot="$2" \
    -v seenfile="$3" -v newfile="$4" -v time="$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$REPORT"
}

new_boot() {
  printf '%s-%s%s' "$(cat /proc/sys/kernel/random/boot_id 2> /dev/null)" "$(date +%s)" "$$"
}

# The next number of a report, on the disk before it is used: sets BOOT and SEQUENCE.
next_number() {
  SEQUENCE=$((SEQUENCE + 1))
  printf '%s %s\n' "$BOOT" "$SEQUENCE" > "$SPOOL/sequence.tmp" && mv "$SPOOL/sequence.tmp" "$SPOOL/sequence" && return
  BOOT=$(new_boot)
  SEQUENCE=1
}

last_number() {
  BOOT='' SEQUENCE=0
  [ -r "$SPOOL/sequence" ] && read -r BOOT SEQUENCE < "$SPOOL/sequence"
  case $BOOT:$SEQUENCE in
    "$(cat /proc/sys/kernel/random/boot_id 2> /dev/null)"-*:[0-9]*) ;;
    *) BOOT=$(new_boot) SEQUENCE=0 ;;
  esac
}

# Keeps a report in the spool; makes room by giving up every second one, so that a long outage is told coarsely.
keep() {
  next_number
  report "$SEQUENCE" "$BOOT" "$SPOOL/seen" "$SPOOL/seen.tmp" > "$SPOOL/report.tmp" || { say 'no report this time: ss gave no listing'; return; }
  [ -s "$SPOOL/seen.tmp" ] || : > "$SPOOL/seen.tmp"
  mv "$SPOOL/seen.tmp" "$SPOOL/seen"
  file=$(printf '%s/%012d.json' "$SPOOL" "$NUMBER")
  NUMBER=$((NUMBER + 1))
  if command -v gzip > /dev/null 2>&1 && gzip -c "$SPOOL/report.tmp" > "$SPOOL/gzip.tmp"; then
    mv "$SPOOL/gzip.tmp" "$file.gz"
  else
    mv "$SPOOL/report.tmp" "$file"
  fi
  while [ "$(count)" -gt "$MOST_REPORTS" ] || { [ "$(count)" -gt 1 ] && [ "$(size)" -gt "$MOST_KB" ]; }; do
    odd=1
    for file in "$SPOOL"/0*.json*; do
      [ "$odd" = 1 ] && rm -f "$file"
      odd=$((1 - odd))
    done
    say 'the spool is full: every second waiting report was given up'
  done
}

count() { set -- "$SPOOL"/0*.json*; [ -e "$1" ] && echo $# || echo 0; }
size() { du -sk "$SPOOL" | awk '{ print $1 }'; }

# Sends what waits, oldest first, until the server takes none. The token goes through a pipe, never through arguments.
send() {
  for file in "$SPOOL"/0*.json*; do
    [ -e "$file" ] || return 0
    encoding=identity
    case $file in *.gz) encoding=gzip ;; esac
    status=$(
      {
        [ -n "$TOKEN" ] && printf 'header = "Authorization: Bearer %s"\n' "$TOKEN"
        [ -n "$CA" ] && printf 'cacert = "%s"\n' "$CA"
        [ -n "$CERT" ] && printf 'cert = "%s"\nkey = "%s"\n' "$CERT" "$KEY"
        printf 'header = "Content-Type: application/json"\nheader = "Content-Encoding: %s"\n' "$encoding"
        printf 'header = "X-DOTM-Sent: %s"\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
      } | curl -q -K - -sS --max-time 30 --proto '=http,https' -o /dev/null -w '%{http_code}' \
        --data-binary "@$file" "$SERVER/api/v1/agents/report" 2> "$SPOOL/error"
    )
    case $status in
      200) rm -f "$file" ;;
      400 | 413 | 415 | 422 | 426) say "a report is given up: the server answered $status"; rm -f "$file" ;;
      *) say "cannot deliver reports, will try again: $(cat "$SPOOL/error") status $status"; return 1 ;;
    esac
  done
}

# Waits, but ends at once when asked to.
SLEEPER=''
pause() { sleep "$1" & SLEEPER=$!; wait "$SLEEPER"; }
stop() { [ -n "$SLEEPER" ] && kill "$SLEEPER" 2> /dev/null; exit 0; }

run() {
  mkdir -p "$SPOOL" || exit 1
  rm -f "$SPOOL"/*.tmp
  trap stop TERM INT
  last_number
  NUMBER=1
  for file in "$SPOOL"/0*.json*; do
    [ -e "$file" ] || break
    last=${file##*/}
    last=$(echo "${last%%.*}" | sed 's/^0*//')
    NUMBER=$((last + 1))
  done
  say "reporting as $HOST to $SERVER every $INTERVAL s"
  # The second report comes after a random part of the interval: agents started together part.
  wait_for=$(awk -v seed="$$$(date +%s)" -v most="$INTERVAL" 'BEGIN { srand(seed); print int(rand() * most) }')
  while :; do
    keep
    send
    pause "$wait_for"
    wait_for=$INTERVAL
  done
}

HOST=$(hostname 2> /dev/null || uname -n)
INTERVAL=60 SERVER='' TOKEN='' TOKEN_FILE='' CA='' CERT='' KEY='' ALLOW_HTTP='' SPOOL=${STATE_DIRECTORY:-${HOME:-/var/lib}/.local/state/dotm-agent-sh}
COMMAND=${1:-}
case $COMMAND in
  -h | --help | help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; exit 0 ;;
esac
[ $# -gt 0 ] && shift
while [ $# -gt 0 ]; do
  case $1 in
    --allow-http) ALLOW_HTTP=yes; shift; continue ;;
  esac
  [ $# -ge 2 ] || wrong "$1 needs a value"
  case $1 in
    --host) HOST=$2 ;;
    --interval) INTERVAL=$2 ;;
    --server) SERVER=${2%/} ;;
    --token-file) TOKEN_FILE=$2 ;;
    --spool) SPOOL=$2 ;;
    --ca-file) CA=$2 ;;
    --cert-file) CERT=$2 ;;
    --key-file) KEY=$2 ;;
    *) wrong "$1 is no option" ;;
  esac
  shift 2
done
case $HOST in '' | -* | *::* | */*) wrong "\"$HOST\" cannot be the name of a host; give the monitoring's with --host" ;; esac
case $INTERVAL in '' | *[!0-9]* | ??????*) wrong "--interval $INTERVAL: give seconds from 5 to 3600" ;; esac
{ [ "$INTERVAL" -ge 5 ] && [ "$INTERVAL" -le 3600 ]; } || wrong "--interval $INTERVAL: give seconds from 5 to 3600"
need ss iproute2
need ip iproute2
need awk mawk

case $COMMAND in
  once) report 1 "$(new_boot)" '' '' || { say 'no report: ss gave no listing'; exit 1; } ;;
  run)
    need curl curl
    case $SERVER in http://?* | https://?*) ;; *) wrong 'give the server, such as --server https://dotm.example.net:4881' ;; esac
    if [ -n "$TOKEN_FILE" ]; then
      [ -r "$TOKEN_FILE" ] || wrong "--token-file $TOKEN_FILE cannot be read"
      read -r TOKEN < "$TOKEN_FILE"
      case $TOKEN in '' | *[!A-Za-z0-9_.~+/=-]*) wrong "--token-file $TOKEN_FILE holds no token" ;; esac
      case $SERVER$ALLOW_HTTP in
        https:* | http://127.* | http://localhost* | http://\[::1\]* | *yes) ;;
        *) wrong "$SERVER would carry the token unencrypted; use https, or add --allow-http" ;;
      esac
    fi
    case ${CERT:+cert}${KEY:+key}$SERVER in
      certkeyhttps:* | http*) ;;
      *) wrong '--cert-file and --key-file belong together, and to a server at https://' ;;
    esac
    run
    ;;
  '') wrong 'say once or run' ;;
  *) wrong "\"$COMMAND\" is no command; there are once and run" ;;
esac
