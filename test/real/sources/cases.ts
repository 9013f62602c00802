/**
 * What happens at the site, and what every source must tell of it then. All cases go through the same phases together,
 * so that a source is waited for once a phase. The words are those of Nagios 4.
 */
import type { ExpectedComment, ExpectedDowntime, ExpectedStatus } from "./picture.ts";
import type { MonitoringServer } from "./server.ts";
import { BACKSLASH_HOST, ODD_HOST, type Target } from "./site.ts";

/** The phases; before the first nothing was ever checked. */
export const PHASES = ["checked once", "in trouble", "changed", "recovered"] as const;

/** What happens in a phase and what is new then; what is not named stays as it was, notes are named whole. */
interface Phase {
  readonly does: (server: MonitoringServer) => Promise<void>;
  /** For each host or check of the case. */
  readonly tells: readonly Partial<ExpectedStatus>[];
  readonly comments?: readonly ExpectedComment[];
  readonly downtimes?: readonly ExpectedDowntime[];
}

/** A story of some hosts and checks. */
export interface Case {
  readonly name: string;
  readonly on: readonly Target[];
  /** One for each of `PHASES`, at most. */
  readonly phases: readonly Phase[];
}

/** All cases; each host and check is in one of them. */
export function allCases(): readonly Case[] {
  return [retried(), acknowledgedNormally(), acknowledgedStickily(), checkDowntime(), hostDowntime()].concat([
    flapping(),
    unreachable(),
    oddNames(),
    outputs(),
    active(),
    commented(),
    neverChecked(),
  ]);
}

const ok = (output: string) => ({ state: "OK", stateType: "HARD", attempt: 1, output }) as const;
const up = (output: string) => ({ state: "UP", stateType: "HARD", attempt: 1, output }) as const;
const critical = (output: string) => ({ state: "CRITICAL", stateType: "HARD", attempt: 1, output }) as const;
const warning = (output: string) => ({ state: "WARNING", stateType: "HARD", attempt: 1, output }) as const;

function one(
  does: Phase["does"],
  tells: Partial<ExpectedStatus>,
  notes: Pick<Phase, "comments" | "downtimes"> = {},
): Phase {
  return { does, tells: [tells], ...notes };
}

function retried(): Case {
  const http = { host: "web01", check: "HTTP" };
  return {
    name: "a problem that is tried again until it is certain",
    on: [http],
    phases: [
      one((server) => server.result(http, 0, "HTTP OK - 0.1 s"), ok("HTTP OK - 0.1 s")),
      one((server) => server.result(http, 2, "HTTP 503"), { ...critical("HTTP 503"), stateType: "SOFT" }),
      one(
        async (server) => {
          await server.result(http, 2, "HTTP 503");
          await server.result(http, 2, "HTTP 504");
        },
        { ...critical("HTTP 504"), attempt: 3 },
      ),
      one((server) => server.result(http, 0, "HTTP OK"), ok("HTTP OK")),
    ],
  };
}

function acknowledgedNormally(): Case {
  const disk = { host: "web01", check: "Disk /" };
  const remark = { author: "alice", text: "Ticket #4711; Prüfung läuft – <b>ok</b>" };
  return {
    name: "a normal acknowledgement, gone when the state changes",
    on: [disk],
    phases: [
      one((server) => server.result(disk, 0, "DISK OK"), ok("DISK OK")),
      one(
        async (server) => {
          await server.result(disk, 2, "DISK full");
          await server.acknowledge(disk, "normal", remark);
        },
        { ...critical("DISK full"), acknowledgement: "normal" },
        { comments: [{ ...disk, origin: "acknowledgement", ...remark }] },
      ),
      one(
        (server) => server.result(disk, 1, "DISK nearly full"),
        { ...warning("DISK nearly full"), acknowledgement: "none" },
        { comments: [] },
      ),
      one((server) => server.result(disk, 0, "DISK OK"), ok("DISK OK")),
    ],
  };
}

function acknowledgedStickily(): Case {
  const toner = { host: ODD_HOST, check: "Toner Füllstand" };
  const remark = { author: "bob", text: "bestellt" };
  const comments = [{ ...toner, origin: "acknowledgement" as const, ...remark }];
  return {
    name: "a sticky acknowledgement, gone at the recovery",
    on: [toner],
    phases: [
      one((server) => server.result(toner, 0, "grün ✓"), ok("grün ✓")),
      one(
        async (server) => {
          await server.result(toner, 1, "Toner 7 % – „bald leer“");
          await server.acknowledge(toner, "sticky", remark);
        },
        { ...warning("Toner 7 % – „bald leer“"), acknowledgement: "sticky" },
        { comments },
      ),
      one((server) => server.result(toner, 2, "leer 🖨"), critical("leer 🖨"), { comments }),
      one((server) => server.result(toner, 0, "voll"), { ...ok("voll"), acknowledgement: "none" }, { comments: [] }),
    ],
  };
}

/** The end of all downtimes, Unix seconds. */
const END = Math.floor(Date.now() / 1000) + 86_400;
const DOWNTIME = { fixed: true, inEffect: true, end: END };

function checkDowntime(): Case {
  const backup = { host: "web01", check: "Backup" };
  const remark = { author: "alice", text: "Umzug des Speichers; geplant" };
  return {
    name: "a downtime of a check",
    on: [backup],
    phases: [
      one((server) => server.result(backup, 0, "fine"), ok("fine")),
      one(
        async (server) => {
          await server.scheduleDowntime(backup, END, remark);
          await server.result(backup, 2, "53 h old");
        },
        { ...critical("53 h old"), downtimeDepth: 1 },
        { downtimes: [{ ...backup, ...remark, ...DOWNTIME }] },
      ),
      one((server) => server.endDowntimes(backup), { downtimeDepth: 0 }, { downtimes: [] }),
      one((server) => server.result(backup, 0, "fine"), ok("fine")),
    ],
  };
}

function hostDowntime(): Case {
  const host = { host: "web02", check: null };
  const http = { host: "web02", check: "HTTP" };
  const remark = { author: "carol", text: "new disks" };
  return {
    name: "a downtime of a host, which its checks do not take over",
    on: [host, http],
    phases: [
      {
        does: async (server) => {
          await server.result(host, 0, "PING OK");
          await server.result(http, 0, "HTTP OK");
        },
        tells: [up("PING OK"), ok("HTTP OK")],
      },
      {
        does: (server) => server.scheduleDowntime(host, END, remark),
        tells: [{ downtimeDepth: 1 }, {}],
        downtimes: [{ ...host, ...remark, ...DOWNTIME }],
      },
      { does: (server) => server.endDowntimes(host), tells: [{ downtimeDepth: 0 }, {}], downtimes: [] },
    ],
  };
}

/** So many results that either server sees flapping begin, and end. */
const RESTLESS = 25;
const STEADY = 25;

function flapping(): Case {
  const flapper = { host: "web01", check: "Flapper" };
  return {
    name: "flapping",
    on: [flapper],
    phases: [
      one((server) => server.result(flapper, 0, "steady"), ok("steady")),
      one(
        async (server) => {
          for (let turn = 1; turn <= RESTLESS; turn++) {
            await server.result(flapper, (turn % 2) * 2, `turn ${turn}`);
          }
        },
        { ...critical(`turn ${RESTLESS}`), flapping: true },
      ),
      one(
        async (server) => {
          for (let turn = 1; turn <= STEADY; turn++) {
            await server.result(flapper, 2, "steadily bad");
          }
        },
        { ...critical("steadily bad"), flapping: false },
      ),
      one((server) => server.result(flapper, 0, "steady"), ok("steady")),
    ],
  };
}

function unreachable(): Case {
  const gateway = { host: "branch gw", check: null };
  const behind = { host: "branch pc", check: null };
  const ping = { host: "branch gw", check: "PING" };
  const allWell: Phase = {
    does: async (server) => {
      await server.result(gateway, 0, "there");
      await server.result(behind, 0, "there");
      await server.result(ping, 0, "there");
    },
    tells: [
      { ...up("there"), reachable: true },
      { ...up("there"), reachable: true },
      { ...ok("there"), reachable: true },
    ],
  };
  return {
    name: "a host that is down, a host behind it, and its check",
    on: [gateway, behind, ping],
    phases: [
      allWell,
      {
        does: async (server) => {
          await server.result(gateway, 1, "no route");
          await server.result(behind, 1, "no answer");
          await server.result(ping, 2, "lost");
        },
        tells: [
          { ...up("no route"), state: "DOWN" },
          { ...up("no answer"), state: "UNREACHABLE", reachable: false },
          // Certain at once: the host is down.
          critical("lost"),
        ],
      },
      allWell,
    ],
  };
}

function oddNames(): Case {
  const hosts = [ODD_HOST, BACKSLASH_HOST].map((host) => ({ host, check: null }));
  const checks = [
    { host: BACKSLASH_HOST, check: "C:\\ Drive" },
    { host: ODD_HOST, check: "C# + C++ / Büro" },
  ];
  const all = [...hosts, ...checks];
  const tell = async (server: MonitoringServer, code: number, output: string): Promise<void> => {
    for (const each of all) {
      await server.result(each, code, output);
    }
  };
  return {
    name: "names with blanks, umlauts, #, +, / and backslashes",
    on: all,
    phases: [
      { does: (server) => tell(server, 0, "well"), tells: [up("well"), up("well"), ok("well"), ok("well")] },
      {
        does: async (server) => {
          for (const each of checks) {
            await server.result(each, 2, "full: C:\\temp");
          }
        },
        tells: [{}, {}, critical("full: C:\\temp"), critical("full: C:\\temp")],
      },
      { does: (server) => tell(server, 0, "odd"), tells: [up("odd"), up("odd"), ok("odd"), ok("odd")] },
    ],
  };
}

/** Eight KiB, two of its bytes one letter. */
const LONG = `${"x".repeat(8 * 1024 - 3)}ü.`;

function outputs(): Case {
  const [html, lines, long, perfdata] = ["HTML", "Lines", "Long", "Perfdata"].map((check) => ({
    host: "web02",
    check,
  }));
  if (!html || !lines || !long || !perfdata) {
    throw new Error("never");
  }
  const markup = `<script>alert('x')</script> <b class="y">bold</b> &amp; & done`;
  const further = "second: <i>line</i>; x=1\nthird: C:\\temp\\new, tab\there\n\nlast – Ende";
  return {
    name: "output with markup, several lines, 8 KiB, semicolons and performance data",
    on: [html, lines, long, perfdata],
    phases: [
      {
        does: async (server) => {
          await server.result(html, 0, markup);
          await server.result(lines, 1, `first; line\n${further}`);
          await server.result(long, 0, `${LONG}\n${LONG}`);
          await server.result(perfdata, 0, "fine | time=0.1s;1;2 'size of /'=9B");
        },
        tells: [
          ok(markup),
          { ...warning("first; line"), longOutput: further },
          { ...ok(LONG), longOutput: LONG },
          ok("fine"),
        ],
      },
      {
        does: (server) => server.result(lines, 0, "one line"),
        tells: [{}, { ...ok("one line"), longOutput: "" }, {}, {}],
      },
    ],
  };
}

function active(): Case {
  const load = { host: "web01", check: "Load" };
  return {
    name: "a check that the server runs itself",
    on: [load],
    phases: [one((server) => server.checkNow(load), ok("load 0.1"))],
  };
}

function commented(): Case {
  const host = { host: "web01", check: null };
  const remark = { author: "dave", text: "Runbook = 12; see <wiki> | ask „Ops“" };
  return {
    name: "a comment",
    on: [host],
    phases: [
      one((server) => server.result(host, 0, "PING OK"), up("PING OK")),
      one((server) => server.comment(host, remark), {}, { comments: [{ ...host, origin: "user", ...remark }] }),
    ],
  };
}

function neverChecked(): Case {
  return {
    name: "a host and a check that were never checked",
    on: [
      { host: "silent", check: null },
      { host: "silent", check: "Trap" },
    ],
    phases: [],
  };
}
