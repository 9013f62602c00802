/**
 * A Livestatus server for measurements, in a process of its own: answers in the format of Naemon, made beforehand.
 *
 *   node bench/livestatus-server.js SOCKET HOSTS SERVICES CHURN
 *
 * Questions with a filter get CHURN of the services, in turn with one result and another, and 2 % that are in trouble.
 * Tells its parent `{ bytes }`, the length of all answers to the first questions, when it listens.
 */
import { createServer } from "node:net";

const [socketPath = "", hosts = "0", services = "0", churn = "0"] = process.argv.slice(2);
const NOW = 1_795_000_000;
const IN_TROUBLE = 50;

const names = Array.from({ length: Number(hosts) }, (_, at) => `host-${String(at).padStart(5, "0")}.example.org`);
const checks = names.flatMap((host, at) =>
  Array.from({ length: Number(services) }, (_, number) => ({ host, number, serial: at * Number(services) + number })),
);

const CELLS = {
  name: (row) => row.host,
  host_name: (row) => row.host,
  alias: (row) => `Machine ${row.host}`,
  address: () => "10.20.30.40",
  description: (row) => `Service check ${row.number}`,
  state: (row) => (row.serial % IN_TROUBLE === 0 ? 2 : 0),
  hard_state: () => 0,
  plugin_output: (row) =>
    `HTTP OK: HTTP/1.1 200 OK - ${1000 + (row.serial % 9000)} bytes in 0.${100 + (row.serial % 900)} second response time`,
  long_plugin_output: () => "",
  check_command: (row) => `check_http!-H ${row.host}!-p ${8000 + row.number}`,
  last_check: (row) => NOW - (row.serial % 300) + (row.turn ?? 0),
  last_state_change: (row) => NOW - 1000 - row.serial,
  last_hard_state_change: (row) => NOW - 1000 - row.serial,
  check_interval: () => 5,
  groups: (row) => [`group-${row.serial % 20}`],
  parents: () => ["gw"],
  action_url: () => "",
  custom_variable_names: () => [],
  custom_variable_values: () => [],
  is_reachable: () => "",
};
const ONES = new Set(["state_type", "has_been_checked", "current_attempt", "retry_interval", "active_checks_enabled"]);

function body(columns, rows) {
  const cells = columns.map((column) => CELLS[column] ?? (() => (ONES.has(column) ? 1 : 0)));
  return `[${rows.map((row) => JSON.stringify(cells.map((cell) => cell(row)))).join(",\n")}]\n`;
}

function rowsOf(table, changedTurn) {
  if (table === "hosts") {
    return changedTurn === null ? names.map((host, serial) => ({ host, serial: serial * IN_TROUBLE + 1 })) : [];
  }
  const every = Math.round(1 / Number(churn));
  return changedTurn === null
    ? checks
    : checks
        .filter(({ serial }) => serial % every === 1 || serial % IN_TROUBLE === 0)
        .map((row) => (row.serial % every === 1 ? { ...row, turn: changedTurn } : row));
}

function framed(text) {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from(`200 ${String(bytes.length).padStart(11)}\n`), bytes]);
}

/** Answers by the question's text; made when it is asked for the first time, which is before anything is measured. */
const answers = new Map();
let turn = 0;

function answer(query) {
  const table = /^GET (\w+)/.exec(query)?.[1] ?? "";
  if (table === "status") {
    const program = [NOW, "1.5.0-naemon", 60, names.length, checks.length];
    return framed(`[${JSON.stringify(program)}]\n`);
  }
  const isChanged = query.includes("\nFilter:");
  turn += isChanged && table === "services" ? 1 : 0;
  const key = isChanged ? `${table} changed ${turn % 2}` : query;
  if (!answers.has(key)) {
    const columns = (/^Columns: (.*)$/m.exec(query)?.[1] ?? "").split(" ");
    const rows = table === "hosts" || table === "services" ? rowsOf(table, isChanged ? turn % 2 : null) : [];
    answers.set(key, framed(body(columns, rows)));
  }
  return answers.get(key);
}

createServer((socket) => {
  let text = "";
  socket.on("error", () => undefined);
  socket.on("data", (chunk) => {
    text += chunk;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      socket.write(answer(text.slice(0, end)));
      text = text.slice(end + 2);
    }
  });
}).listen(socketPath, () => process.send?.("listening"));
