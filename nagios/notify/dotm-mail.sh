#!/bin/sh
# Mails a notification of Nagios or Icinga, with the sentence of `dotm impact` in it. That is waited for two seconds at
# most, and the mail goes out whatever becomes of it: without DOTM it only lacks the sentence.
#
# Everything comes by environment, so that no name and no output of a plugin stands on a command line of a shell:
#   DOTM_TO      who gets it
#   DOTM_TYPE    PROBLEM, RECOVERY, ACKNOWLEDGEMENT, …
#   DOTM_HOST, DOTM_CHECK   as the monitoring names them; no check: the host itself
#   DOTM_STATE, DOTM_OUTPUT, DOTM_ADDRESS, DOTM_TIME
# and where it differs from the default:
#   DOTM         program that is asked; `dotm`
#   DOTM_CONFIG  its dotm.yaml
#   SENDMAIL     program that takes the mail; /usr/sbin/sendmail
set -u

# One line of at most $2 characters, so that nothing in it can become another header or another line.
line() {
  printf '%s' "$1" | tr '\000-\037\177' ' ' | cut -c "1-$2"
}

# A header may only hold ASCII.
header() {
  case $1 in
    *[!\ -~]*) printf '=?UTF-8?B?%s?=' "$(printf '%s' "$1" | base64 | tr -d '\n')" ;;
    *) printf '%s' "$1" ;;
  esac
}

verdict() {
  set -- "${DOTM_HOST:-}" ${DOTM_CHECK:+"$DOTM_CHECK"}
  timeout -k 0.2 1.8 "${DOTM:-dotm}" impact -o table --color never -- "$@" 2> /dev/null < /dev/null | head -n 1
}

host=$(line "${DOTM_HOST:-}" 255)
check=$(line "${DOTM_CHECK:-}" 255)
about=$host${check:+ / $check}
said=$(line "$(verdict)" 1000)

{
  printf 'To: %s\n' "$(line "${DOTM_TO:-root}" 500)"
  printf 'Subject: %s\n' "$(header "$(line "${DOTM_TYPE:-NOTIFICATION}: $about is ${DOTM_STATE:-UNKNOWN}" 200)")"
  printf 'Auto-Submitted: auto-generated\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n\n'
  [ -z "$said" ] || printf '%s\n\n' "$said"
  printf 'Host:    %s%s\n' "$host" "$(line "${DOTM_ADDRESS:+ (${DOTM_ADDRESS})}" 100)"
  [ -z "$check" ] || printf 'Check:   %s\n' "$check"
  printf 'State:   %s\n' "$(line "${DOTM_STATE:-}" 50)"
  printf 'Time:    %s\n' "$(line "${DOTM_TIME:-}" 100)"
  printf 'Output:  %s\n' "$(line "${DOTM_OUTPUT:-}" 4000)"
} | "${SENDMAIL:-/usr/sbin/sendmail}" -t -oi
