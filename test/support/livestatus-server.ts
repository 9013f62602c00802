/**
 * A server for tests that speaks Livestatus as Naemon and Nagios do (the MK dialect), over a Unix socket or loopback,
 * and fails in whatever way it is told to.
 */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LivestatusPlace } from "../../src/config/config-value.ts";
import { type DecodedQuery, decodeQuery } from "./livestatus-text.ts";

/** A row of a table, by the names of its columns. */
export type TableRow = Record<string, unknown>;

/** What the server has to tell. */
export type Tables = Record<string, TableRow[]>;

/** What the server does with a question instead of answering it well; undefined: it answers. */
export type Misbehaviour = (socket: Socket, query: DecodedQuery, answer: string) => boolean;

/** How the server treats a column it does not know. */
export type UnknownColumn = "empty" | "refuse" | "refuse unnamed";

/** Tables of a small site: a host that was checked lately, two checks that were not, a running program. */
function smallSite(): Tables {
  return {
    status: [{ program_start: 1_795_000_000, program_version: "1.5.0-naemon", interval_length: 60 }],
    hosts: [hostRow("web", { last_check: 1_795_000_100 })],
    services: [checkRow("web", "HTTP"), checkRow("web", "SSH")],
    comments: [],
    downtimes: [],
  };
}

/** A host that is UP, as Naemon tells it. */
export function hostRow(name: string, parts: TableRow = {}): TableRow {
  return { name, alias: name, address: "10.0.0.1", parents: [], ...stateRow(), hard_state: 0, ...parts };
}

/** A service check that is OK, as Naemon tells it. */
export function checkRow(host: string, description: string, parts: TableRow = {}): TableRow {
  return { host_name: host, description, ...stateRow(), ...parts };
}

function stateRow(): TableRow {
  const times = { last_check: 1_794_990_000, last_state_change: 1_794_000_000, last_hard_state_change: 1_794_000_000 };
  const check = { check_interval: 5, retry_interval: 1, active_checks_enabled: 1, check_command: "check_tcp!80" };
  const flags = { acknowledged: 0, acknowledgement_type: 0, scheduled_downtime_depth: 0, is_flapping: 0 };
  const texts = { plugin_output: "fine", long_plugin_output: "" };
  const setup = { groups: [], action_url: "", custom_variable_names: [], custom_variable_values: [] };
  const state = { state: 0, state_type: 1, has_been_checked: 1, current_attempt: 1, max_check_attempts: 3 };
  return { ...state, ...times, ...check, ...flags, ...texts, ...setup, execution_time: 0.1 };
}

/** A running server. */
export class LivestatusServer {
  tables: Tables;
  unknownColumn: UnknownColumn = "empty";
  misbehave: Misbehaviour = () => false;
  /** Whether it holds its answer back when asked to. */
  waits = true;
  /** All questions so far. */
  readonly queries: DecodedQuery[] = [];
  connections = 0;
  readonly folder = mkdtempSync(join(tmpdir(), "dotm-live-"));
  readonly #sockets = new Set<Socket>();
  readonly #waiting = new Set<() => void>();
  #server: Server | undefined;

  constructor(tables: Tables = smallSite()) {
    this.tables = tables;
  }

  /** Where it is; of TCP the port is known once it listens. */
  get place(): LivestatusPlace {
    return { kind: "unix", path: join(this.folder, "live") };
  }

  /** Begins to listen. */
  async listen(): Promise<this> {
    this.#server = createServer((socket) => this.#connected(socket));
    this.#server.listen(join(this.folder, "live"));
    await once(this.#server, "listening");
    return this;
  }

  /** Tables asked for since the last call, in order. */
  asked(): string[] {
    return this.queries.splice(0).map(({ table, headers }) => {
      const filters = headers.filter(([name]) => name === "Filter").map(([, value]) => value);
      return [table, ...filters].join(" & ");
    });
  }

  /** Closes all connections; new ones are taken. */
  hangUp(): void {
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  /** Answers whoever waits. */
  trigger(): void {
    for (const answer of this.#waiting) {
      answer();
    }
  }

  /** Stops listening, as a program that ends. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.trigger();
    this.hangUp();
    if (server !== undefined) {
      server.close();
      await once(server, "close");
    }
  }

  /** Ends, and removes its folder. */
  async stop(): Promise<void> {
    await this.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #connected(socket: Socket): void {
    this.connections++;
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => undefined);
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("utf8");
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        const query = decodeQuery(text.slice(0, end));
        text = text.slice(end + 2);
        this.queries.push(query);
        void this.#answer(socket, query);
      }
    });
  }

  async #answer(socket: Socket, query: DecodedQuery): Promise<void> {
    await this.#wait(query);
    const answer = this.#answerOf(query);
    if (!this.misbehave(socket, query, answer)) {
      socket.write(answer);
    }
  }

  async #wait(query: DecodedQuery): Promise<void> {
    const milliseconds = Number(headerOf(query, "WaitTimeout") ?? 0);
    if (milliseconds > 0 && this.waits) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          this.#waiting.delete(done);
          resolve();
        };
        const timer = setTimeout(done, milliseconds);
        this.#waiting.add(done);
      });
    }
  }

  #answerOf(query: DecodedQuery): string {
    const rows = this.tables[query.table];
    const columns = (headerOf(query, "Columns") ?? "").split(" ");
    if (rows === undefined) {
      return framed(404, `Invalid GET request, no such table '${query.table}'\n`);
    }
    const known = new Set(rows.flatMap((row) => Object.keys(row)));
    const unknown = rows.length === 0 ? undefined : columns.find((column) => !known.has(column));
    if (unknown !== undefined && this.unknownColumn !== "empty") {
      const text =
        this.unknownColumn === "refuse" ? `Table '${query.table}' has no column '${unknown}'` : "bad request";
      return framed(400, `${text}\n`);
    }
    const chosen = rows.filter((row) => isChosen(row, query));
    return framed(
      200,
      `[${chosen.map((row) => JSON.stringify(columns.map((name) => row[name] ?? ""))).join(",\n")}]\n`,
    );
  }
}

/** An answer with its header. */
export function framed(status: number, body: string): string {
  return `${status} ${String(Buffer.byteLength(body)).padStart(11)}\n${body}`;
}

function headerOf({ headers }: DecodedQuery, name: string): string | undefined {
  return headers.find(([each]) => each === name)?.[1];
}

function isChosen(row: TableRow, { headers }: DecodedQuery): boolean {
  const stack: boolean[] = [];
  for (const [name, value] of headers) {
    if (name === "Filter") {
      stack.push(compares(row, value));
    } else if (name === "And" || name === "Or") {
      const joined = stack.splice(-Number(value));
      stack.push(name === "And" ? joined.every(Boolean) : joined.some(Boolean));
    }
  }
  return stack.every(Boolean);
}

function compares(row: TableRow, filter: string): boolean {
  const [, column = "", operator = "", operand = ""] = /^(\w+) (\S+) ?(.*)$/s.exec(filter) ?? [];
  const cell = row[column] ?? "";
  const [a, b] = typeof cell === "number" ? [cell, Number(operand)] : [String(cell), operand];
  switch (operator) {
    case "=":
      return a === b;
    case "!=":
      return a !== b;
    case ">":
      return a > b;
    default:
      return a >= b;
  }
}
