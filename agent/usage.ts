/** How the program is used, and mistakes in using it. */

/** A mistake in how the program was called; the message says what is wrong and what to do. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What `--help` prints. */
export const USAGE = `usage: dotm-agent once [--print] [--out FILE|DIR] [--host NAME]
       dotm-agent run --server URL [--token-file FILE] [--interval SECONDS] [--host NAME] [--spool DIR] [--ca-file FILE]
                      [--cert-file FILE --key-file FILE]
       dotm-agent serve [--listen ADDRESS:PORT] [--token-file FILE] [--cert-file FILE --key-file FILE]
                        [--original ADDRESS:PORT --allow ADDRESS,…] [--host NAME]
       dotm-agent install --server URL [--level 0|1|2] [--token-file FILE] [--dry-run] [and what run takes]

once     look at the sockets of this machine and print the report that would be sent
run      send a report every interval; while the server is away reports wait in the spool
serve    wait for a server that asks for reports
install  copy the agent to /usr/local/lib/dotm-agent and write a systemd unit that runs it

  --server URL        address of the DOTM server, e.g. https://dotm.example.net:4881 (or DOTM_AGENT_SERVER)
  --token-file FILE   file with the token of this host (or DOTM_AGENT_TOKEN, or the systemd credential "token")
  --interval SECONDS  time between two reports, 5 to 3600, default 60
  --host NAME         name of this machine in the monitoring, default its host name
  --spool DIR         folder for waiting reports, default $STATE_DIRECTORY or ~/.local/state/dotm-agent
  --ca-file FILE      certificates to trust for the server (PEM)
  --allow-http        send the token over plain HTTP to another machine: everyone on the way can read it
  --out FILE|DIR      write the report to a file, or to a new file in a folder
  --print             print the report too when --out is given
  --listen A:PORT     where to wait for servers, default 127.0.0.1:4849; elsewhere than on loopback with a token only
  --cert-file FILE    certificate (PEM) of this host, --key-file FILE its key: what serve answers with, and what
                      run shows in place of a token where the server knows its authority
  --original A:PORT   answer the plain-text protocol of the original DOTM, too (its port is 4848)
  --allow ADDRESS,…   who may ask in that protocol: addresses or networks such as 10.0.0.0/24
  --level 0|1|2       rights of the unit: 0 none, ports with their units; 1 process names (default);
                      2 root, sees every connection through the kernel's trace events
  --root DIR          install below DIR in place of /
  --dry-run           print what would be written
  --help, --version   print this, or the version`;
