/** What a reader of status files keeps from one file to the next. */
import { BlockLayout } from "./block-layout.ts";
import { type BytePattern, bytePattern } from "./byte-lines.ts";
import { KnownObjects } from "./known-objects.ts";
import { HOST_FIELDS, SERVICE_FIELDS } from "./status-fields.ts";
import type { StatusReaderOptions } from "./status-read.ts";
import { TextPool } from "./text-pool.ts";

/** The memory of one reader. */
export interface ScanMemory {
  readonly known: KnownObjects;
  readonly host: BlockKind;
  readonly service: BlockKind;
  readonly pool: TextPool;
  readonly options: StatusReaderOptions;
  /** Whether a file was complete before. */
  readBefore: boolean;
}

/** Blocks of hosts, or blocks of services. */
export interface BlockKind {
  readonly isService: boolean;
  /** The line that opens a block, without its end. */
  readonly opening: BytePattern;
  readonly layout: BlockLayout;
  /** Fields that a block must have before its layout is learned. */
  readonly fields: number;
  /** Added to the digests of names, so that a host's never equals a service's. */
  readonly salt: number;
}

/** Memory of a reader that has read nothing. */
export function scanMemory(options: StatusReaderOptions): ScanMemory {
  return {
    known: new KnownObjects(),
    host: {
      isService: false,
      opening: bytePattern("hoststatus {"),
      layout: new BlockLayout(),
      fields: HOST_FIELDS,
      salt: 0,
    },
    service: {
      isService: true,
      opening: bytePattern("servicestatus {"),
      layout: new BlockLayout(),
      fields: SERVICE_FIELDS,
      salt: 0x51ed270b,
    },
    pool: new TextPool(),
    options,
    readBefore: false,
  };
}
