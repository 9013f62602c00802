/** Labelled checks of test/fixtures/mapping as questions to the mapping. */
import { readdirSync, readFileSync } from "node:fs";
import type { MappableCheck, MappableService } from "../../src/model/mapping.ts";

/** One listener: transport, port, address, process; `-` is a socket without a process. */
interface Listener {
  readonly proto: string;
  readonly port: number;
  readonly address: string;
  readonly process: string;
}

interface Pair {
  readonly process: string | null;
  readonly port: number | null;
}

/** A check on a host, and the pairs `process:port` that are right. */
export interface Labelled {
  readonly check: MappableCheck;
  readonly services: readonly MappableService[];
  readonly expected: readonly string[];
  readonly accepted: readonly string[];
}

const FOLDER = new URL("../fixtures/mapping/", import.meta.url);

/** Names of all collections. */
export function collections(): readonly string[] {
  return readdirSync(FOLDER).filter((name) => name.endsWith(".jsonl"));
}

/** A collection of one JSON object per line. */
export function collection(name: string): readonly Labelled[] {
  const lines = readFileSync(new URL(name, FOLDER), "utf8").split("\n");
  return lines.filter((line) => line !== "").map(labelled);
}

function labelled(line: string): Labelled {
  const { host, check, expected, accept } = JSON.parse(line) as {
    host: { name: string; listeners: Listener[] };
    check: { name: string; command: string | null };
    expected: Pair[];
    accept?: Pair[];
  };
  const pair = ({ process, port }: Pair) => `${process ?? "-"}:${port}`;
  return {
    check: { host: host.name, check: check.name, command: check.command },
    services: servicesOf(host.name, host.listeners),
    expected: expected.map(pair),
    accepted: (accept ?? []).map(pair),
  };
}

/** The checks that were constructed for this project. */
export function constructed(): readonly Labelled[] {
  const { hosts, checks } = JSON.parse(readFileSync(new URL("constructed.json", FOLDER), "utf8")) as {
    hosts: Record<string, string>;
    checks: [string, string, string | null, string, string][];
  };
  const services = new Map(Object.entries(hosts).map(([host, spec]) => [host, listening(host, spec)]));
  const pairs = (text: string) => text.split(" ").filter((pair) => pair !== "");
  return checks.map(([host, check, command, expected, accepted]) => ({
    check: { host, check, command },
    services: services.get(host) ?? [],
    expected: pairs(expected),
    accepted: pairs(accepted),
  }));
}

/** Services of a host written as `nginx=80,443 named=53u@10.0.0.1`. */
export function listening(host: string, spec: string): readonly MappableService[] {
  const listeners = spec.split(" ").flatMap((part) => {
    const at = part.lastIndexOf("=");
    return part
      .slice(at + 1)
      .split(",")
      .map((text): Listener => {
        const [port = "", address = "0.0.0.0"] = text.split("@");
        return {
          proto: port.endsWith("u") ? "udp" : "tcp",
          port: Number.parseInt(port, 10),
          address,
          process: part.slice(0, at),
        };
      });
  });
  return servicesOf(host, listeners);
}

/** One service for each transport, port and process. */
function servicesOf(host: string, listeners: readonly Listener[]): readonly MappableService[] {
  const services = new Map<string, MappableService>();
  for (const { proto, port, address, process } of listeners) {
    const transport = proto.startsWith("udp") ? "udp" : "tcp";
    const name = transport === "udp" ? `${port}/udp` : `${port}`;
    const id = `${host}:${name}#${process}`;
    const addresses = [...(services.get(id)?.addresses ?? []), address];
    services.set(id, {
      id,
      port: name,
      proto: transport,
      number: port,
      addresses,
      process: process === "-" ? null : process,
    });
  }
  return [...services.values()];
}

/** Ids of services as pairs `process:port`, each once. */
export function pairsOf(ids: readonly string[], services: readonly MappableService[]): readonly string[] {
  const chosen = services.filter(({ id }) => ids.includes(id));
  return [...new Set(chosen.map(({ process, number }) => `${process ?? "-"}:${number}`))];
}
