/** Compares the blocks of hosts and service checks with what is known of them, and collects what is new. */
import { checkKey, titleOf } from "../src/model/ids.ts";
import type { CheckStatus } from "../src/model/monitoring.ts";
import { BlockDigest } from "./block-digest.ts";
import type { BlockWalk } from "./block-walk.ts";
import type { ByteLines } from "./byte-lines.ts";
import type { KnownBlock } from "./known-objects.ts";
import type { ObjectName } from "./name-index.ts";
import { checkRefusal, hostRefusal } from "./object-name.ts";
import type { BlockKind, ScanMemory } from "./scan-memory.ts";
import { fieldNumber, LAST_UPDATE } from "./status-fields.ts";
import { type ConfiguredCheck, NOT_CONFIGURED, type StatusFileFacts, statusOf } from "./status-record.ts";
import type { Warnings } from "./warnings.ts";

const HOST_NAME = fieldNumber("host_name");
const SERVICE_DESCRIPTION = fieldNumber("service_description");

/** A time in whole seconds, until the year 2286. */
const STAMP_BYTES = 10;

/** What one file says of hosts and service checks. */
export class ObjectIntake {
  readonly #memory: ScanMemory;
  readonly #walk: BlockWalk;
  readonly #warnings: Warnings;
  readonly #digest = new BlockDigest();
  /** Statuses that are new or changed. */
  readonly statuses: CheckStatus[] = [];
  /** Number of hosts and of service checks, changed or not. */
  hosts = 0;
  checks = 0;

  constructor(memory: ScanMemory, walk: BlockWalk, warnings: Warnings) {
    this.#memory = memory;
    this.#walk = walk;
    this.#warnings = warnings;
  }

  /** The place after the block at `start` if it is, but for the time of writing, as it was in the file before; else -1. */
  pass(text: ByteLines, start: number, kind: BlockKind): number {
    const { known } = this.#memory;
    const slot = known.next;
    const end = start + known.lengthOf(slot);
    if (end === start || end > text.length) {
      return -1;
    }
    const stampAt = known.stampOf(slot);
    if (stampAt > 0 && text.lineEnd(start + stampAt) - start - stampAt < STAMP_BYTES) {
      return -1;
    }
    this.#digest.take(text.view, start, end, start + stampAt, stampAt > 0 ? STAMP_BYTES : 0);
    if (!known.isBlock(slot, this.#digest.a, this.#digest.b)) {
      return -1;
    }
    this.#count(kind, known.see(slot));
    return end;
  }

  /** Compares the block that was walked through with what is known of its object. */
  take(text: ByteLines, start: number, end: number, kind: BlockKind, facts: StatusFileFacts): void {
    const { known } = this.#memory;
    const nameA = (this.#walk.nameA + kind.salt) | 0;
    const nameB = (this.#walk.nameB + kind.salt) | 0;
    const expected = known.expected(nameA, nameB);
    const name = expected >= 0 ? known.nameOf(expected) : this.#name(text, kind);
    if (name === undefined) {
      return;
    }
    const found = expected >= 0 ? expected : known.find(name, nameA, nameB);
    const slot = found >= 0 ? found : known.add(name, nameA, nameB);
    if (!known.see(slot)) {
      this.#warnings.add("object twice in the file", titleOf(name));
      return;
    }
    this.#count(kind, true);
    const block = this.#block(text, start, end);
    known.remember(slot, block);
    if (found < 0 || known.differs(slot, block.valueA, block.valueB)) {
      this.statuses.push(statusOf(this.#walk, name, this.#configured(name), facts));
    }
  }

  /** What is to be remembered of the block that was walked through. */
  #block(text: ByteLines, start: number, end: number): KnownBlock {
    const { valueA, valueB, starts, ends } = this.#walk;
    const stamp = starts[LAST_UPDATE] ?? 0;
    const hasStamp = this.#walk.has(LAST_UPDATE) && text.textEnd(stamp, ends[LAST_UPDATE] ?? 0) === stamp + STAMP_BYTES;
    this.#digest.take(text.view, start, end, stamp, hasStamp ? STAMP_BYTES : 0);
    const { a, b } = this.#digest;
    return { valueA, valueB, blockA: a, blockB: b, length: end - start, stampAt: hasStamp ? stamp - start : 0 };
  }

  /** The names in the walked block; undefined where they are refused. */
  #name(text: ByteLines, kind: BlockKind): ObjectName | undefined {
    const host = this.#nameText(text, HOST_NAME);
    const check = kind.isService ? this.#nameText(text, SERVICE_DESCRIPTION) : null;
    const refusal = hostRefusal(host) ?? (check === null ? undefined : checkRefusal(check));
    if (refusal !== undefined) {
      this.#warnings.add(refusal, titleOf({ host, check }));
      return;
    }
    return { host, check };
  }

  #nameText(text: ByteLines, field: number): string {
    const { starts, ends } = this.#walk;
    if (!this.#walk.has(field)) {
      return "";
    }
    const start = starts[field] ?? 0;
    return this.#memory.pool.text(text.bytes, start, text.textEnd(start, ends[field] ?? 0));
  }

  #configured({ host, check }: ObjectName): ConfiguredCheck {
    const { commands, freshness } = this.#memory.options;
    if ((commands?.size ?? 0) + (freshness?.size ?? 0) === 0) {
      return NOT_CONFIGURED;
    }
    const key = checkKey(host, check);
    return { command: commands?.get(key) ?? null, freshness: freshness?.get(key) ?? 0 };
  }

  #count(kind: BlockKind, isFirst: boolean): void {
    this.checks += kind.isService && isFirst ? 1 : 0;
    this.hosts += !kind.isService && isFirst ? 1 : 0;
  }
}
