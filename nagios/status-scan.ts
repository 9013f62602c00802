/**
 * One walk over one status file. Its format (Nagios' xdata/xsddefault.c): `name {`, lines of TAB, key, `=`, value,
 * then TAB and `}`; a value holds anything but a line feed. Nothing is split into lines: see block-layout.ts.
 */
import { BlockWalk, isOpening, TORN } from "./block-walk.ts";
import { ByteLines, bytePattern } from "./byte-lines.ts";
import { decimal } from "./decimal.ts";
import { fieldText } from "./field-text.ts";
import { LATEST } from "./latest-time.ts";
import { ObjectIntake } from "./object-intake.ts";
import type { BlockKind, ScanMemory } from "./scan-memory.ts";
import type { WindowScanner } from "./scan-window.ts";
import { NoteIntake } from "./status-notes.ts";
import type { StatusFault, StatusRead } from "./status-read.ts";
import type { StatusFileFacts } from "./status-record.ts";
import { Warnings } from "./warnings.ts";

const DEFAULT_INTERVAL_LENGTH = 60;
const LINE_FEED = 10;

/** What a step returns that needs bytes which are not there yet. */
const MORE = -1;

const CREATED = bytePattern("\tcreated=");
const VERSION = bytePattern("\tversion=");

/** Icinga 2 calls itself `r2.13.6-1` or `v2.13.6`; Nagios and Icinga 1 write bare numbers. */
const ICINGA2_VERSION = /^[rv]\d/;

/** A walk that is under way. */
export class StatusScan implements WindowScanner {
  readonly #memory: ScanMemory;
  #text = new ByteLines(Buffer.alloc(0), 0);
  readonly #walk = new BlockWalk(this.#text);
  readonly #warnings = new Warnings();
  readonly #intake: ObjectIntake;
  readonly #facts: StatusFileFacts;
  readonly #notes = new NoteIntake();
  /** Number of blocks by their names, of those that are no states. */
  readonly #blocks = new Map<string, number>();
  #isEnd = false;
  #isEmpty = true;
  #version = "";
  #torn = false;

  constructor(memory: ScanMemory) {
    this.#memory = memory;
    this.#intake = new ObjectIntake(memory, this.#walk, this.#warnings);
    this.#facts = {
      bytes: this.#text.bytes,
      created: 0,
      icinga2: false,
      intervalLength: memory.options.intervalLength ?? DEFAULT_INTERVAL_LENGTH,
      pool: memory.pool,
      warnings: this.#warnings,
    };
    memory.known.begin();
  }

  /** Reads whole blocks from the front of `text`; returns how many bytes are done with. */
  scan(text: ByteLines, isEnd: boolean): number {
    this.#text = text;
    this.#walk.over(text);
    this.#facts.bytes = text.bytes;
    this.#isEnd = isEnd;
    this.#isEmpty &&= text.length === 0;
    let at = 0;
    while (at < text.length) {
      const next = this.#step(at);
      if (next === MORE) {
        break;
      }
      at = next;
    }
    return at;
  }

  /** What the file says; remembered for the next read if the file is complete. */
  finish(): StatusRead {
    const fault = this.#fault();
    const full = !this.#memory.readBefore;
    const gone = fault === null ? this.#memory.known.commit() : [];
    if (fault === null) {
      this.#memory.readBefore = true;
    } else {
      this.#memory.known.rollback();
    }
    return {
      created: this.#facts.created,
      version: this.#version,
      complete: fault === null,
      fault,
      full,
      statuses: this.#intake.statuses,
      gone,
      ...this.#notes.notes,
      counts: {
        hosts: this.#intake.hosts,
        checks: this.#intake.checks,
        hostComments: this.#blocks.get("hostcomment") ?? 0,
        serviceComments: this.#blocks.get("servicecomment") ?? 0,
        hostDowntimes: this.#blocks.get("hostdowntime") ?? 0,
        serviceDowntimes: this.#blocks.get("servicedowntime") ?? 0,
      },
      warnings: this.#warnings.list(),
    };
  }

  #fault(): StatusFault | null {
    if (this.#isEmpty) {
      return "empty";
    }
    if (this.#torn) {
      return "cut";
    }
    if (this.#facts.created === 0) {
      return "no header";
    }
    return this.#intake.hosts + this.#intake.checks === 0 ? "no objects" : null;
  }

  /** Reads the line at `at`, and the block it opens if it does; returns the place after, or MORE. */
  #step(at: number): number {
    const { service, host } = this.#memory;
    if (this.#text.bytes[at] === LINE_FEED) {
      return at + 1;
    }
    if (this.#text.startsWith(at, service.opening)) {
      return this.#object(at, service);
    }
    if (this.#text.startsWith(at, host.opening)) {
      return this.#object(at, host);
    }
    const end = this.#text.lineEnd(at);
    if (end === this.#text.length) {
      // A last line without an end, outside of any block, is the beginning of one.
      this.#torn ||= this.#isEnd;
      return this.#isEnd ? end : MORE;
    }
    return isOpening(this.#text, at, end) ? this.#otherBlock(at, end) : end + 1;
  }

  /** A block that is no state: counted by its name, and the first `info` block read. */
  #otherBlock(start: number, openingEnd: number): number {
    const name = this.#text.bytes.toString("latin1", start, this.#text.textEnd(start, openingEnd) - 2);
    const first = openingEnd + 1;
    const after = this.#walk.search(first);
    const elsewhere = this.#unfinished(after);
    if (elsewhere !== undefined) {
      return elsewhere;
    }
    this.#blocks.set(name, (this.#blocks.get(name) ?? 0) + 1);
    this.#notes.take(this.#text, name, first);
    if (name === "info" && this.#facts.created === 0) {
      this.#readInfo(first, this.#walk.closing);
    }
    return after;
  }

  #readInfo(first: number, closing: number): void {
    const { bytes } = this.#text;
    for (let at = first; at < closing; ) {
      const lineEnd = this.#text.lineEnd(at);
      const end = this.#text.textEnd(at, lineEnd);
      if (this.#text.startsWith(at, CREATED)) {
        const created = decimal(bytes, at + CREATED.length, end);
        this.#facts.created = created > 0 && created < LATEST ? created : 0;
      } else if (this.#text.startsWith(at, VERSION)) {
        this.#version = fieldText(bytes, at + VERSION.length, end);
        this.#facts.icinga2 = ICINGA2_VERSION.test(this.#version);
      }
      at = lineEnd + 1;
    }
  }

  /** The block of a host or a service. */
  #object(start: number, kind: BlockKind): number {
    const passed = this.#intake.pass(this.#text, start, kind);
    if (passed > start) {
      return passed;
    }
    const openingEnd = this.#text.lineEnd(start);
    const first = openingEnd + 1;
    if (openingEnd === this.#text.length) {
      return this.#isEnd ? this.#tearAt(openingEnd) : MORE;
    }
    if (this.#text.textEnd(start, openingEnd) !== start + kind.opening.length) {
      return first;
    }
    const after = this.#walk.walk(first, kind.layout);
    const elsewhere = this.#unfinished(after);
    if (elsewhere !== undefined) {
      return elsewhere;
    }
    if (!this.#walk.fitted && (this.#walk.found & kind.fields) === kind.fields) {
      kind.layout.learn(this.#text, first, this.#walk.closing);
    }
    this.#intake.take(this.#text, start, after, kind, this.#facts);
    return after;
  }

  /** Where to go on where a walk found no end of its block: MORE where it may still come; undefined where it did. */
  #unfinished(after: number): number | undefined {
    const { length, endsWithLine } = this.#text;
    const isWhole = after !== TORN && (this.#isEnd || after < length || endsWithLine);
    if (isWhole) {
      return;
    }
    const mayCome = !this.#isEnd && (after !== TORN || this.#walk.closing === length);
    return mayCome ? MORE : this.#tearAt(this.#walk.closing);
  }

  #tearAt(at: number): number {
    this.#torn = true;
    return at;
  }
}
