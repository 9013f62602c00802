/**
 * Reads `status.dat` of Nagios 3 and 4, Naemon, Icinga 1 and Icinga 2 (up to 2.13): the states of all hosts and
 * service checks, and at each further read only what changed.
 */
import { ByteLines } from "./byte-lines.ts";
import { type ScanMemory, scanMemory } from "./scan-memory.ts";
import type { StatusRead, StatusReaderOptions } from "./status-read.ts";
import { StatusScan } from "./status-scan.ts";

/** Reads one status file again and again, remembering what it said. */
export class StatusReader {
  readonly #memory: ScanMemory;

  constructor(options: StatusReaderOptions = {}) {
    this.#memory = scanMemory(options);
  }

  /**
   * Reads the first `length` bytes of `buffer`. The 64 bytes behind them are overwritten; where there are fewer the
   * content is copied first. Never throws.
   */
  read(buffer: Buffer, length: number = buffer.length): StatusRead {
    const scan = this.begin();
    scan.scan(new ByteLines(buffer, length), true);
    return scan.finish();
  }

  /** Begins to read a file piece by piece (see ScanWindow); one read must end before the next begins. */
  begin(): StatusScan {
    return new StatusScan(this.#memory);
  }
}
