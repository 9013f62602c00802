import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ScanWindow, type WindowScanner } from "../../nagios/scan-window.ts";
import { StatusFile } from "../../src/ingest/status-file.ts";
import { hostBlock, statusFile } from "../support/status-text.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-status-file-"));
  path = join(folder, "status.dat");
  writeFileSync(path, statusFile([hostBlock("a")]));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A window that has something written to the file after each of the first `times` fillings. */
class DisturbedWindow extends ScanWindow {
  fillings = 0;
  readonly #times: number;
  readonly #disturb: () => void;

  constructor(times: number, disturb: () => void) {
    super(100_000);
    this.#times = times;
    this.#disturb = disturb;
  }

  override filled(count: number, scanner: WindowScanner): void {
    super.filled(count, scanner);
    this.fillings++;
    if (this.fillings <= this.#times) {
      this.#disturb();
    }
  }
}

it("is read again where it was changed while it was read", async () => {
  const window = new DisturbedWindow(2, () => appendFileSync(path, hostBlock(`more${window.fillings}`)));
  const look = await new StatusFile(path, window, {}).look();
  expect(look).toMatchObject({ kind: "read", read: { full: true, counts: { hosts: 3 } } });
  expect(window.fillings).toBe(3);
});

it("is left for later where that goes on", async () => {
  const window = new DisturbedWindow(3, () => appendFileSync(path, hostBlock(`more${window.fillings}`)));
  const file = new StatusFile(path, window, {});
  expect(await file.look()).toMatchObject({ kind: "fault", fault: { reason: "cut", cause: `${path} is incomplete` } });
  expect(await file.look()).toMatchObject({ kind: "read", read: { full: true, counts: { hosts: 4 } } });
  expect(await file.look()).toEqual({ kind: "unchanged" });
});
