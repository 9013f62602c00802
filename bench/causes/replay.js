/** Feeds one incident through the engine and looks where its true cause is ranked. */

/** `rank` is 1 for the first, Infinity where the cause is not offered. `lookedAt` is Unix seconds. */
export async function replay({ Engine, askCauses, DEFAULT_SETTINGS }, incident, lookedAt) {
  const engine = new Engine({ settings: DEFAULT_SETTINGS, dependencies: [], exclude: [], groups: [] });
  engine.observe({ kind: "objects", source: "file", hosts: incident.hosts.map(monitoredHost), checks: [] });
  for (const host of incident.hosts.filter(({ listeners, connections }) => listeners.length + connections.length > 0)) {
    engine.report(reportOf(host, lookedAt));
  }
  const statuses = incident.checks.map((check) => statusOf(check, lookedAt));
  engine.observe({ kind: "states", source: "file", full: true, asOf: lookedAt, statuses, gone: [] });
  const counts = { hosts: incident.hosts.length, checks: statuses.length };
  const health = { type: "status-file", ok: true, error: null, asOf: lookedAt, staleAfter: 600, ...counts };
  engine.observe({ kind: "health", source: "file", ...health });
  const { impacts, graphs } = engine.settle(lookedAt);
  const { host, check } = incident.ask;
  const ranking = (await askCauses(pictureOf(impacts, graphs), host, check))[0]?.candidates ?? [];
  const isCause = (one) => one.host === incident.cause.host && one.check === incident.cause.check;
  const place = ranking.findIndex(isCause);
  // Where the problem asked about is itself the cause, the right answer is that nothing else is.
  const itself = isCause(incident.ask) && ranking.length === 0;
  return { ranking, rank: place < 0 && !itself ? Number.POSITIVE_INFINITY : place + 1 || 1 };
}

function pictureOf(impacts, graphs) {
  const all = [...impacts.values()].filter((impact) => impact !== null);
  const found = (host, check) => all.find(({ problem }) => problem.host === host && problem.check === check);
  return {
    impact: async (host, check) => found(host, check),
    ranking: async (offset, limit) => all.slice(offset, offset + limit).map(({ problem }) => problem),
    graphs: async (hosts) => new Map(hosts.flatMap((host) => (graphs.get(host) ? [[host, graphs.get(host)]] : []))),
  };
}

function monitoredHost({ name, ips, parents }) {
  return { host: name, alias: name, address: ips[0] ?? "", parents: parents ?? [], groups: [] };
}

function reportOf({ name, ips, listeners, connections }, at) {
  const frame = { agent: "bench", receivedAt: at, seenAt: at, interval: 60, sequence: 1, boot: "b", partial: false };
  const owner = (process) => ({
    process: process === "-" ? null : (process ?? null),
    unit: null,
    container: null,
    netns: null,
  });
  return {
    ...{ host: name, ips, unix: [], processes: [], ...frame },
    listeners: listeners.map(({ proto, address, port, process }) => ({ proto, address, port, ...owner(process) })),
    connections: connections.map(({ direction, proto, process, localPort, remoteAddress, remotePort, count }) => ({
      ...{
        direction,
        proto: proto ?? "tcp",
        localAddress: ips[0] ?? "",
        remoteAddress,
        count,
        opened: 0,
        lastSeen: at,
      },
      localPort: direction === "in" ? (localPort ?? listenerPort(listeners, process)) : null,
      remotePort: direction === "out" ? remotePort : null,
      ...owner(process),
    })),
  };
}

/** The port a process listens at, for accepted connections that do not say it. */
function listenerPort(listeners, process) {
  return listeners.find((listener) => listener.process === process)?.port ?? null;
}

function statusOf({ host, check, state, stateType, since, command }, lookedAt) {
  const times = { lastCheck: lookedAt - 30, lastChange: since, lastHardChange: since, interval: 0 };
  const text = { output: state, longOutput: "", command: command ?? null };
  const flags = {
    acknowledgement: "none",
    active: true,
    downtimeDepth: 0,
    flapping: false,
    reachable: state !== "UNREACHABLE",
  };
  return {
    host,
    check,
    state,
    stateType: stateType ?? "HARD",
    attempt: 1,
    maxAttempts: 3,
    ...times,
    ...text,
    ...flags,
  };
}
