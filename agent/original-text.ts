/**
 * What the agent of the original DOTM answers: `hostname=NAME`, the listing of `netstat -antlp`, an empty line, and
 * `ip addr`. Written by ourselves from the kernel's tables, so that no program is started for whoever asks.
 */
import { isIPv6 } from "node:net";
import type { Interfaces } from "./addresses.ts";
import { SOCKET_STATES, type Socket } from "./proc-net.ts";
import type { Process } from "./process.ts";

/** A TCP socket with its process. */
export interface ListedSocket {
  readonly socket: Socket;
  readonly process: Process | undefined;
}

/** States by number, as netstat names them. */
const STATES = [
  ...["", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT"],
  ...["CLOSE", "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING", "SYN_RECV"],
];
const HEAD = `Active Internet connections (servers and established)
Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name
`;
/** net-tools cuts it there. */
const PROGRAM_LENGTH = 20;

/** The whole answer. */
export function originalText(host: string, sockets: readonly ListedSocket[], interfaces: Interfaces): string {
  const rows = sockets.filter(({ socket }) => socket.proto === "tcp").map(rowOf);
  return `hostname=${host}\n${HEAD}${rows.join("")}\n${addressText(interfaces)}`;
}

function rowOf({ socket, process }: ListedSocket): string {
  const { local, localPort, remote, remotePort, state } = socket;
  const proto = isIPv6(local) ? "tcp6" : "tcp";
  const peer = state === SOCKET_STATES.listen ? `${remote}:*` : `${remote}:${remotePort}`;
  // Whoever may start a program may call it what they like, a line of its own included.
  const name = process?.name.replaceAll(/\p{Cc}/gu, "?");
  const program = process === undefined ? "-" : `${process.pid}/${name}`.slice(0, PROGRAM_LENGTH);
  const columns = [
    proto.padEnd(5),
    "     0",
    "     0",
    `${local}:${localPort}`.padEnd(23),
    peer.padEnd(23),
    (STATES[state] ?? "").padEnd(11),
    program.padEnd(PROGRAM_LENGTH),
  ];
  return `${columns.join(" ")}\n`;
}

function addressText(interfaces: Interfaces): string {
  let text = "";
  for (const [i, [name, entries]] of Object.entries(interfaces).entries()) {
    text += `${i + 1}: ${name}: <UP> mtu 1500 state UP\n`;
    for (const { family, address, cidr, internal } of entries ?? []) {
      const scope = scopeOf(address, internal);
      text += `    ${family === "IPv6" ? "inet6" : "inet"} ${cidr ?? address} scope ${scope} ${name}\n`;
    }
  }
  return text;
}

function scopeOf(address: string, internal: boolean): string {
  const beyond = /^fe[89ab]/i.test(address) ? "link" : "global";
  return internal ? "host" : beyond;
}
