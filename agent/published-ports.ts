/**
 * Ports of containers that are published at the host. `docker-proxy` holds the host's port and its command line tells
 * which container it stands for; connections mostly pass it by, as the kernel turns them to the container itself.
 */
import { isIP } from "node:net";
import { attempt, type ProcFiles } from "./proc-files.ts";
import type { Process } from "./process.ts";

/** A port of a container and the port of the host it is reached by. */
export interface PublishedPort {
  readonly proto: "tcp" | "udp";
  readonly hostAddress: string;
  readonly hostPort: number;
  readonly address: string;
  readonly port: number;
}

/** Name of the process that holds the host's port. */
export const PROXY = "docker-proxy";

/** All that are published now; the command lines are read here and sent nowhere. */
export function readPublishedPorts(files: ProcFiles, processes: readonly Process[]): PublishedPort[] {
  return processes.flatMap(({ pid, name }) => {
    const words = name === PROXY ? attempt(() => files.read(`${pid}/cmdline`)) : undefined;
    return parseDockerProxy(words ?? "") ?? [];
  });
}

/** Command line of a docker-proxy, words ended by zeros; undefined where it says no port. */
export function parseDockerProxy(words: string): PublishedPort | undefined {
  const list = words.split("\0");
  const after = (option: string) => {
    const at = list.findIndex((word) => word === `-${option}` || word === `--${option}`);
    return at < 0 ? "" : (list[at + 1] ?? "");
  };
  const [proto, hostAddress, address] = [after("proto"), after("host-ip"), after("container-ip")];
  const [hostPort, port] = [Number(after("host-port")), Number(after("container-port"))];
  const known = (proto === "tcp" || proto === "udp") && isIP(hostAddress) !== 0 && isIP(address) !== 0;
  return known && isPort(hostPort) && isPort(port) ? { proto, hostAddress, hostPort, address, port } : undefined;
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port <= 65_535;
}
