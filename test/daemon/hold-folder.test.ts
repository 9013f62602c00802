import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { holdFolder } from "../../src/daemon/hold-folder.ts";
import { Lifecycle } from "../../src/daemon/lifecycle.ts";
import { SILENT } from "../../src/logger.ts";

it("keeps a second process off the folder until the first has ended", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dotm-folder-"));
  const [first, second] = [new Lifecycle(SILENT), new Lifecycle(SILENT)];
  await holdFolder(folder, SILENT, first);
  await expect(holdFolder(folder, SILENT, second)).rejects.toMatchObject({
    code: "DOTM_LOCKED",
    next: expect.stringContaining("data_dir"),
  });
  await first.stop();
  await holdFolder(folder, SILENT, second);
  await second.stop();
  rmSync(folder, { recursive: true });
});
