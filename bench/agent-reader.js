/**
 * Collects as the agent does, in a process of its own. Answers each message:
 *   `{ anew }`    looks once, `anew` having forgotten what it learned: `{ ms, cpu, rss, sockets, bytes, rows }`
 *   `{ watch }`   begins to watch: `{ level }`; the looks that follow tell what was opened and with a process
 *   `{ spent }`   `{ cpu }` since it was asked before, milliseconds
 */
import { endianness, networkInterfaces } from "node:os";
import { Collector } from "../dist/agent/collect.js";
import { packReport } from "../dist/agent/encode.js";
import { createProcFiles } from "../dist/agent/proc-files.js";
import { createAddressDecoder } from "../dist/agent/proc-net.js";
import { ProcessTable } from "../dist/agent/process.js";
import { listSocketGroups } from "../dist/agent/socket-groups.js";
import { startWatch } from "../dist/agent/start-watch.js";
import { listUnixSockets } from "../dist/agent/unix-peers.js";

const HEAD = { host: "bench", agent: "bench", interval: 60, sequence: 1, boot: "bench" };
let watch;
let collector = newCollector();
let before = process.cpuUsage();

process.on("message", async (message) => process.send(await answer(message)));
process.on("SIGTERM", () => {
  watch?.stop();
  process.exit();
});

async function answer({ anew, watch: wanted, spent }) {
  if (spent) {
    return { cpu: processorTime() };
  }
  if (wanted) {
    const processes = new ProcessTable(machine().files);
    watch = startWatch(machine(), processes);
    collector = new Collector(machine(), watch, processes);
  } else if (anew) {
    collector = newCollector();
  }
  return look();
}

async function look() {
  processorTime();
  const begun = performance.now();
  const report = await collector.collect(HEAD);
  const packed = packReport(report);
  const ms = performance.now() - begun;
  const opened = report.connections.filter((row) => row.opened > 0);
  return {
    ms,
    cpu: processorTime(),
    rss: process.resourceUsage().maxRSS / 1024,
    sockets: report.connections.reduce((sum, { count }) => sum + count, 0),
    bytes: packed.length,
    rows: report.connections.length,
    level: report.capture.level,
    opened: opened.map(({ direction, process: name, localPort, remotePort, opened: times }) => ({
      direction,
      name,
      port: localPort ?? remotePort,
      times,
    })),
  };
}

function processorTime() {
  const { user, system } = process.cpuUsage(before);
  before = process.cpuUsage();
  return (user + system) / 1000;
}

function newCollector() {
  return new Collector(machine());
}

function machine() {
  return {
    files: createProcFiles(),
    decodeAddress: createAddressDecoder(endianness()),
    interfaces: networkInterfaces,
    unixSockets: listUnixSockets,
    socketGroups: listSocketGroups,
    now: () => Date.now() / 1000,
  };
}
