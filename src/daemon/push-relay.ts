/**
 * Takes pushes where no engine leads: they are kept in a journal of this process, acknowledged, and brought to the engine
 * through Redis.
 */
import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PushConfig } from "../config/config-value.ts";
import { messageOf } from "../errors.ts";
import { countedPush, type PushAnswer, pushProblem, unreadablePush } from "../ingest/push-answer.ts";
import { pushRefusal, readPush } from "../ingest/push-source.ts";
import { ReportJournal } from "../ingest/report-journal.ts";
import type { Logger } from "../logger.ts";
import type { AcknowledgedPush, PushList } from "../store/push-list.ts";
import { JournalRelease } from "./journal-release.ts";
import type { AddressedPush } from "./push-intake.ts";

/** What it needs. */
export interface PushRelayDeps {
  /** Where the journal lies. */
  readonly folder: string;
  readonly sources: readonly PushConfig[];
  readonly list: Pick<PushList, "add">;
  readonly logger: Logger;
  /** Unix seconds. */
  readonly now: () => number;
}

/** Milliseconds between two attempts where Redis is away. */
const AGAIN = 1_000;

interface Waiting {
  readonly push: Omit<AcknowledgedPush, "journal" | "position">;
  readonly position: number;
}

/** The relay, from `start` to `stop`. */
export class PushRelay {
  readonly #deps: PushRelayDeps;
  readonly #journal: ReportJournal;
  #id = "";
  readonly #waiting: Waiting[] = [];
  readonly #given: JournalRelease;
  #giving: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: PushRelayDeps) {
    this.#deps = deps;
    this.#journal = new ReportJournal({ folder: deps.folder, log: deps.logger });
    this.#given = new JournalRelease(this.#journal, deps.now);
  }

  /** Takes back what an earlier run acknowledged, and begins. */
  async start(): Promise<void> {
    await this.#journal.start();
    this.#id = await journalId(this.#deps.folder);
    for await (const { payload, position } of this.#journal.replay()) {
      this.#waiting.push({ push: JSON.parse(payload.toString("utf8")) as Waiting["push"], position });
    }
    this.#timer = setInterval(() => this.#give(), AGAIN);
  }

  /** Gives what waits if Redis is there, and ends. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#give();
    await this.#giving;
    await this.#journal.stop();
  }

  /** Acknowledges a push once it cannot be lost. Never rejects: what is wrong is in the answer. */
  async accept({
    source,
    format,
    raw,
    authorization,
    isLocal,
  }: AddressedPush & { readonly source: string }): Promise<PushAnswer> {
    const configured = this.#deps.sources.find(({ name }) => name === source);
    const refusal = configured && pushRefusal(configured, { authorization, isLocal });
    if (configured === undefined || refusal !== undefined) {
      return refusal ?? { status: 404, body: { error: `There is no source ${source}.` } };
    }
    const text = raw.toString("utf8");
    const read = readPush(format, text);
    if (read === undefined) {
      return unreadablePush(format);
    }
    const counted = countedPush(read.told.length, read.refused.length, read.refused);
    if (read.told.length === 0) {
      return counted;
    }
    const push = { source, format, text, at: this.#deps.now() };
    try {
      const position = await this.#journal.append(Buffer.from(JSON.stringify(push)));
      this.#waiting.push({ push, position });
      this.#give();
      return counted;
    } catch (error) {
      return pushProblem(503, `It could not be kept: ${messageOf(error)}`, "Send it again.");
    }
  }

  #give(): void {
    this.#giving ??= this.#giveAll().finally(() => {
      this.#giving = undefined;
    });
  }

  async #giveAll(): Promise<void> {
    const { list, logger } = this.#deps;
    try {
      for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
        if (!(await list.add({ ...next.push, journal: this.#id, position: next.position }))) {
          break;
        }
        this.#waiting.shift();
        this.#given.hold(next.position);
      }
      await this.#given.release();
    } catch (error) {
      logger.debug({ error: messageOf(error) }, "pushes cannot be brought to the engine; they stay in the journal");
    }
  }
}

/** A name of its own for the journal in a folder, made at the first start. */
async function journalId(folder: string): Promise<string> {
  const file = join(folder, "id");
  const known = await readFile(file, "utf8").catch(() => "");
  if (known !== "") {
    return known;
  }
  const made = randomUUID();
  await writeFile(file, made, { mode: 0o600 });
  return made;
}
