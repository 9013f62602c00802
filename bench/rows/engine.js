/** One turn of the engine: a state changed on a site with many problems, from the observation to what is to be written. */

const SHOPS = 50;

/** What a shop is made of: hosts of each kind, what they listen with, and on which kind they depend. */
const PARTS = [
  { kind: "web", count: 10, process: "nginx", port: 443, needs: "app" },
  { kind: "app", count: 6, process: "java", port: 8080, needs: "db" },
  { kind: "db", count: 4, process: "mysqld", port: 3306, needs: undefined },
];

/** Problems that stand; the state that changes makes one more, or one less. */
const PROBLEMS = 500;

/** Service checks of each host that speak of no service. */
const CHECKS = ["Disk /", "Load", "Memory", "NTP", "Swap", "Updates", "Users", "Zombies"];

/** Unix seconds. */
const NOW = 1_795_348_800;

/** The target, milliseconds. */
const PROMISED = 10;

/** All hosts, shop by shop. */
function hosts() {
  const names = Array.from({ length: SHOPS }, (_, shop) =>
    PARTS.flatMap((part) => Array.from({ length: part.count }, (_, i) => ({ shop, part, i }))),
  ).flat();
  return names.map(({ shop, part, i }, at) => ({
    ...{ name: `shop${shop}-${part.kind}${i}`, ip: `10.${shop}.${PARTS.indexOf(part)}.${i + 1}`, part },
    fails: at % 2 === 0,
    peers: PARTS.flatMap((other, row) =>
      other.kind === part.needs
        ? Array.from({ length: other.count }, (_, n) => [`10.${shop}.${row}.${n + 1}`, other.port])
        : [],
    ),
  }));
}

function reportOf({ name, ip, part, peers }) {
  const owner = { process: part.process, unit: null, container: null, netns: null };
  const local = { localAddress: ip, localPort: null, opened: 0, lastSeen: NOW };
  return {
    ...{ host: name, agent: "bench", receivedAt: NOW, seenAt: NOW, interval: 3_600, sequence: 1, boot: "b", ips: [ip] },
    listeners: [{ proto: "tcp", address: "0.0.0.0", port: part.port, ...owner }],
    connections: peers.map(([remoteAddress, remotePort]) => ({
      ...{ direction: "out", proto: "tcp", ...owner, ...local, remoteAddress, remotePort, count: 4 },
    })),
    ...{ unix: [], processes: [], partial: false },
  };
}

function statusOf(host, check, state, command = null) {
  return {
    ...{ host, check, state, stateType: "HARD", attempt: 3, maxAttempts: 3, lastCheck: NOW, lastChange: NOW - 60 },
    ...{ lastHardChange: NOW - 60, output: state, longOutput: "", acknowledgement: "none", downtimeDepth: 0 },
    ...{ flapping: false, interval: 0, command, reachable: true, active: true },
  };
}

const observed = (statuses, full) => ({ kind: "states", source: "bench", full, asOf: NOW, statuses, gone: [] });
const portCheck = ({ name, part }, state) => statusOf(name, "Port", state, `check_tcp!${part.port}`);

async function prepare({ root }) {
  const [{ Engine }, { DEFAULT_SETTINGS }] = await Promise.all([
    import(`${root}/dist/src/compute.js`),
    import(`${root}/dist/src/model/settings.js`),
  ]);
  const engine = new Engine({ settings: DEFAULT_SETTINGS, dependencies: [], exclude: [], groups: [] });
  const all = hosts();
  const statuses = all.flatMap((host) => [
    statusOf(host.name, null, "UP"),
    portCheck(host, host.fails ? "CRITICAL" : "OK"),
    ...CHECKS.map((check) => statusOf(host.name, check, "OK")),
  ]);
  engine.observe(observed(statuses, true));
  for (const host of all) {
    engine.report(reportOf(host));
  }
  const { impacts } = engine.everything(NOW);
  if (impacts.size !== PROBLEMS) {
    throw new Error(`${impacts.size} problems, not ${PROBLEMS}`);
  }
  return { engine, turning: all.filter(({ fails, part }) => !fails && part.kind === "db"), at: NOW };
}

/** Milliseconds of one turn; the state goes back afterwards, which is not counted. */
function settled(state) {
  const host = state.turning.shift();
  state.turning.push(host);
  const took = turn(state, portCheck(host, "CRITICAL"), true);
  turn(state, portCheck(host, "OK"), false);
  return took;
}

function turn(state, status, isProblem) {
  state.at += 1;
  const begun = performance.now();
  state.engine.observe(observed([status], false));
  const { impacts } = state.engine.settle(state.at);
  const took = performance.now() - begun;
  const impact = impacts.get(`${status.host}::${status.check}`);
  if (impact === undefined || (impact === null) === isProblem) {
    throw new Error(`the impact of ${status.host} is not told`);
  }
  return took;
}

export const rows = [
  {
    name: "settle-500",
    title: `One state more changed while ${PROBLEMS} problems stand, on a site of 1,000 hosts with 9,000 service checks`,
    unit: "ms",
    rounds: 50,
    reference: "promised",
    prepare,
    contenders: [
      { name: "promised", run: async () => PROMISED },
      { name: "DOTM", run: settled },
    ],
    goals: [{ contender: "DOTM", floor: 1, moonshot: 0.3 }],
    note: "From the observation to all that is to be written: states, impact, explanations of all problems, alarms, views. Without Redis.",
  },
];
