/**
 * What the reader of a status file remembers of each object between two reads: its name, digests of its values and of
 * its whole block, in the order of the file. Nothing is remembered of a file until `commit`.
 */
import { NameIndex, type ObjectName } from "./name-index.ts";

/** An object must be missing in this many reads to be gone: a file cut exactly between two blocks looks whole. */
const GONE_AFTER = 2;

const NONE = -1;

/** What is remembered of a block. */
export interface KnownBlock {
  /** Digests of the values that are told. */
  readonly valueA: number;
  readonly valueB: number;
  /** Digests of the bytes without the time of writing. */
  readonly blockA: number;
  readonly blockB: number;
  /** Bytes from its beginning to its end. */
  readonly length: number;
  /** Where the time of writing stands in it; 0 where it has none to be left out. */
  readonly stampAt: number;
}

/** Columns of whole numbers that grow together. */
interface Columns {
  nameA: Int32Array;
  nameB: Int32Array;
  valueA: Int32Array;
  valueB: Int32Array;
  blockA: Int32Array;
  blockB: Int32Array;
  length: Int32Array;
  stampAt: Int32Array;
  /** Place in the order of the last file, -1 where it was not in it. */
  place: Int32Array;
  /** Number of the read that saw the object last, kept or not. */
  seen: Int32Array;
  /** Reads in a row that missed the object. */
  missed: Uint8Array;
}

/** The objects of one status file. */
export class KnownObjects {
  readonly #slots = new NameIndex();
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
  /** Of each block that was read in this read: its slot and the six numbers of KnownBlock. */
  #blocks: number[] = [];

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

  /** Slot of the object of this name, -1 where it is not known. The digests of its name are renewed. */
  find(name: ObjectName, nameA: number, nameB: number): number {
    const slot = this.#slots.get(name) ?? NONE;
    if (slot !== NONE) {
      this.#columns.nameA[slot] = nameA;
      this.#columns.nameB[slot] = nameB;
    }
    return slot;
  }

  /** Makes a slot for an object that `find` does not know. */
  add(name: ObjectName, nameA: number, nameB: number): number {
    const slot = this.#free.pop() ?? this.#names.length;
    if (slot >= this.#columns.nameA.length) {
      this.#columns = grown(this.#columns);
    }
    this.#names[slot] = name;
    this.#columns.nameA[slot] = nameA;
    this.#columns.nameB[slot] = nameB;
    this.#columns.missed[slot] = 0;
    this.#columns.place[slot] = NONE;
    this.#slots.set(name, slot);
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

  /** Has what was read remembered at `commit`. */
  remember(slot: number, { valueA, valueB, blockA, blockB, length, stampAt }: KnownBlock): void {
    this.#blocks.push(slot, valueA, valueB, blockA, blockB, length, stampAt);
  }

  /** Slot of the object that comes next in the file's order, -1 where none does. */
  get next(): number {
    return this.#order[this.#cursor] ?? NONE;
  }

  /** Length of the block in a slot, and where its time of writing stands. */
  lengthOf(slot: number): number {
    return this.#columns.length[slot] ?? 0;
  }

  stampOf(slot: number): number {
    return this.#columns.stampAt[slot] ?? 0;
  }

  /** Whether these are the digests of the block in a slot. */
  isBlock(slot: number, blockA: number, blockB: number): boolean {
    return this.#columns.blockA[slot] === blockA && this.#columns.blockB[slot] === blockB;
  }

  /** The name in a slot. */
  nameOf(slot: number): ObjectName | undefined {
    return this.#names[slot];
  }

  /** Remembers what this read saw; returns the objects that are gone. */
  commit(): ObjectName[] {
    this.#storeBlocks();
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
    this.#blocks = [];
    this.#nextOrder = [];
    this.#cursor = 0;
  }

  #storeBlocks(): void {
    const { valueA, valueB, blockA, blockB, length, stampAt } = this.#columns;
    const blocks = this.#blocks;
    for (let at = 0; at < blocks.length; at += 7) {
      const slot = blocks[at] as number;
      valueA[slot] = blocks[at + 1] as number;
      valueB[slot] = blocks[at + 2] as number;
      blockA[slot] = blocks[at + 3] as number;
      blockB[slot] = blocks[at + 4] as number;
      length[slot] = blocks[at + 5] as number;
      stampAt[slot] = blocks[at + 6] as number;
    }
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
      this.#slots.delete(name);
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
    blockA: new Int32Array(size),
    blockB: new Int32Array(size),
    length: new Int32Array(size),
    stampAt: new Int32Array(size),
    place: new Int32Array(size),
    seen: new Int32Array(size),
    missed: new Uint8Array(size),
  };
}

function grown(old: Columns): Columns {
  const next = columnsOf(old.nameA.length * 2);
  for (const name of Object.keys(old) as (keyof Columns)[]) {
    next[name].set(old[name]);
  }
  return next;
}
