/** A small site of hosts that report and checks that fail, sent to one or more daemons; remembers what was acknowledged. */

/** What a daemon is to whoever sends to it. */
export interface Receiver {
  readonly url: string;
}

/** Names of the hosts. */
export const loadHosts = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `app${String(at).padStart(2, "0")}`);

const OWNER = { unit: null, container: null, netns: null };

/** One report of a host: it serves 8080, needs the next host and, in odd rounds, the one after that. */
function siteReport(host: string, round: number, hosts: readonly string[], time: string): object {
  const at = hosts.indexOf(host);
  const address = (index: number) => `10.0.0.${(index % hosts.length) + 1}`;
  const out = (index: number, remotePort: number) => ({
    direction: "out",
    proto: "tcp",
    process: "app",
    ...OWNER,
    localAddress: address(at),
    localPort: null,
    remoteAddress: address(index),
    remotePort,
    count: 1 + (round % 3),
    opened: 1,
    lastSeen: time,
  });
  return {
    version: 1,
    host,
    agent: "test",
    time,
    interval: 60,
    sequence: round,
    boot: "b",
    ips: [address(at)],
    listeners: [{ proto: "tcp", address: "0.0.0.0", port: 8080, process: "app", ...OWNER }],
    connections: [out(at + 1, 8080), ...(round % 2 === 1 ? [out(at + 2, 8080), out(at + 3, 9000 + (round % 5))] : [])],
    unix: [],
    processes: [],
    capture: { level: "proc", lost: 0, unattributed: 0, dropped: 0, notes: [] },
  };
}

/** Sends a report; resolves to whether it was acknowledged. */
async function sendReport(to: Receiver, report: object, time: string): Promise<boolean> {
  const response = await post(to, "api/v1/agents/report", report, { "X-DOTM-Sent": time });
  return response?.status === 200;
}

/** Pushes states, source `alerts`; resolves to whether they were acknowledged. */
async function sendEvents(to: Receiver, events: readonly object[]): Promise<boolean> {
  return (await post(to, "api/v1/events?source=alerts", { events }, {}))?.status === 200;
}

/** Sends one round of the site to all receivers; each host's check fails every third round. Returns how many reports were acknowledged. */
export async function sendRound(
  receivers: readonly Receiver[],
  round: number,
  hosts: readonly string[],
  now: number,
): Promise<number> {
  const time = new Date(now * 1_000).toISOString();
  const acknowledged = await Promise.all(
    hosts.flatMap((host) => receivers.map((to) => sendReport(to, siteReport(host, round, hosts, time), time))),
  );
  const events = hosts.map((host, at) => {
    const state = (at + round) % 3 === 0 ? "CRITICAL" : "OK";
    const told = { stateType: "HARD", output: `round ${round}`, time, command: "check_tcp!8080" };
    return { host, check: "App 8080", state, ...told };
  });
  await Promise.all(receivers.map((to) => sendEvents(to, events)));
  return acknowledged.filter(Boolean).length;
}

async function post(
  to: Receiver,
  path: string,
  body: object,
  headers: Record<string, string>,
): Promise<Response | undefined> {
  try {
    const response = await fetch(`${to.url}${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    await response.arrayBuffer();
    return response;
  } catch {
    return undefined;
  }
}
