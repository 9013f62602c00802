/**
 * What the reader of a status file remembers of each object between two reads: its names and digests of its values,
 * in the order of the file. Nothing is remembered of a file until `commit`.
 */
import { checkKey } from "../src/model/ids.ts";

/** Name of a host (`check` null) or service check. */
export interface ObjectName {
  readonly host: string;
  readonly check: string | null;
}

/** An object must be missing in this many reads to be gone: a file cut exactly between two blocks looks whole. */
const GONE_AFTER = 2;

const NONE = -1;

/** Columns of whole numbers that grow together. */
interface Columns {
  nameA: Int32Array;
  nameB: Int32Array;
  valueA: Int32Array;
  valueB: Int32Array;
  /** Place in the order of the last file, -1 where it was not in it. */
  place: Int32Array;
  /** Number of the read that saw the object last, kept or not. */
  seen: Int32Array;
  /** Reads in a row that missed the object. */
  missed: Uint8Array;
}

/** The objects of one status file. */
export class KnownObjects {
  readonly #slots = new Map<string, number>();
  readonly #names: (ObjectName | undefined)[] = [];
  #columns: Columns = columnsOf(1024);
  readonly #free: number[] = [];
  /** Slots in the order of the last file. */
  #order: number[] = [];
  #cursor = 0;
  #read = 0;
  #nextOrder: number[] = [];
  /** Slots of objects that were not known before this read. */
  #added: number[] = [];
  /** Slot, first and second digest of each object that changed in this read. */
  #changes: number[] = [];

  /** Begins a read, forgetting an earlier one that was not committed. */
  begin(): void {
    this.rollback();
    this.#read++;
  }

  /** Slot of the object with these name digests if it is the one that comes next in the file's order, else -1. */
  expected(nameA: number, nameB: number): number {
    const slot = this.#order[this.#cursor] ?? NONE;
    return slot !== NONE && this.#columns.nameA[slot] === nameA && this.#columns.nameB[slot] === nameB ? slot : NONE;
  }

  /** Slot of the object of this `checkKey`, -1 where it is not known. The digests of its name are renewed. */
  find(key: string, nameA: number, nameB: number): number {
    const slot = this.#slots.get(key) ?? NONE;
    if (slot !== NONE) {
      this.#columns.nameA[slot] = nameA;
      this.#columns.nameB[slot] = nameB;
    }
    return slot;
  }

  /** Makes a slot for an object whose key `find` does not know. */
  add(key: string, name: ObjectName, nameA: number, nameB: number): number {
    const slot = this.#free.pop() ?? this.#names.length;
    if (slot >= this.#columns.nameA.length) {
      this.#columns = grown(this.#columns);
    }
    this.#names[slot] = name;
    this.#columns.nameA[slot] = nameA;
    this.#columns.nameB[slot] = nameB;
    this.#columns.missed[slot] = 0;
    this.#columns.place[slot] = NONE;
    this.#slots.set(key, slot);
    this.#added.push(slot);
    return slot;
  }

  /** Notes that this read saw the object; false where it saw it before. */
  see(slot: number): boolean {
    if (this.#columns.seen[slot] === this.#read) {
      return false;
    }
    this.#columns.seen[slot] = this.#read;
    this.#nextOrder.push(slot);
    const place = this.#columns.place[slot] ?? NONE;
    this.#cursor = place === NONE ? this.#cursor : place + 1;
    return true;
  }

  /** Whether the values are others than those remembered. */
  differs(slot: number, valueA: number, valueB: number): boolean {
    return this.#columns.valueA[slot] !== valueA || this.#columns.valueB[slot] !== valueB;
  }

  /** Has the values remembered at `commit`. */
  change(slot: number, valueA: number, valueB: number): void {
    this.#changes.push(slot, valueA, valueB);
  }

  /** The name in a slot. */
  nameOf(slot: number): ObjectName | undefined {
    return this.#names[slot];
  }

  /** Remembers what this read saw; returns the objects that are gone. */
  commit(): ObjectName[] {
    for (let at = 0; at < this.#changes.length; at += 3) {
      const slot = this.#changes[at] ?? 0;
      this.#columns.valueA[slot] = this.#changes[at + 1] ?? 0;
      this.#columns.valueB[slot] = this.#changes[at + 2] ?? 0;
    }
    const gone = this.#forgetMissing();
    this.#arrange(this.#nextOrder);
    this.#added = [];
    this.rollback();
    return gone;
  }

  /** Forgets what this read saw. */
  rollback(): void {
    for (const slot of this.#added) {
      this.#release(slot);
    }
    this.#added = [];
    this.#changes = [];
    this.#nextOrder = [];
    this.#cursor = 0;
  }

  #arrange(order: number[]): void {
    const { place } = this.#columns;
    place.fill(NONE);
    for (let at = 0; at < order.length; at++) {
      place[order[at] as number] = at;
    }
    this.#order = order;
  }

  #forgetMissing(): ObjectName[] {
    const gone: ObjectName[] = [];
    const { seen, missed } = this.#columns;
    for (let slot = 0; slot < this.#names.length; slot++) {
      const name = this.#names[slot];
      if (name === undefined) {
        continue;
      }
      const misses = seen[slot] === this.#read ? 0 : (missed[slot] ?? 0) + 1;
      missed[slot] = misses;
      if (misses >= GONE_AFTER) {
        gone.push(name);
        this.#release(slot);
      }
    }
    return gone;
  }

  #release(slot: number): void {
    const name = this.#names[slot];
    if (name !== undefined) {
      this.#slots.delete(checkKey(name.host, name.check));
      this.#names[slot] = undefined;
      this.#free.push(slot);
    }
  }
}

function columnsOf(size: number): Columns {
  return {
    nameA: new Int32Array(size),
    nameB: new Int32Array(size),
    valueA: new Int32Array(size),
    valueB: new Int32Array(size),
    place: new Int32Array(size),
    seen: new Int32Array(size),
    missed: new Uint8Array(size),
  };
}

function grown(old: Columns): Columns {
  const next = columnsOf(old.nameA.length * 2);
  next.nameA.set(old.nameA);
  next.nameB.set(old.nameB);
  next.valueA.set(old.valueA);
  next.valueB.set(old.valueB);
  next.place.set(old.place);
  next.seen.set(old.seen);
  next.missed.set(old.missed);
  return next;
}
