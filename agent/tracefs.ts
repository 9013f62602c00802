/** Where the kernel's tracing file system is; mounted at a place of our own where it is mounted nowhere. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmdirSync } from "node:fs";
import { attempt } from "./proc-files.ts";

/** A mounted tracefs. */
export interface Tracefs {
  readonly folder: string;
  /** Undoes what was mounted. */
  release(): void;
}

/** Where systemd mounts it, and where older systems do. */
const PLACES = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];
const PRIVATE_FOLDER = "/run/dotm-agent";
const PRIVATE_PLACE = `${PRIVATE_FOLDER}/tracing`;

/** Finds the tracefs that has a file, or mounts it; throws with the reason in words. */
export function findTracefs(needed: string): Tracefs {
  const mounted = PLACES.find((place) => existsSync(`${place}/${needed}`));
  if (mounted !== undefined) {
    return { folder: mounted, release: () => undefined };
  }
  if (process.getuid?.() !== 0) {
    throw new Error("the kernel's trace events need root");
  }
  mkdirSync(PRIVATE_FOLDER, { recursive: true, mode: 0o700 });
  mkdirSync(PRIVATE_PLACE, { recursive: true, mode: 0o700 });
  // An agent that was killed may have left it.
  if (!existsSync(`${PRIVATE_PLACE}/instances`)) {
    mount();
  }
  if (!existsSync(`${PRIVATE_PLACE}/${needed}`)) {
    unmount();
    throw new Error("this kernel has no trace event for TCP sockets (it is there from Linux 4.16 on)");
  }
  return { folder: PRIVATE_PLACE, release: unmount };
}

function mount(): void {
  const options = ["-t", "tracefs", "-o", "nosuid,nodev,noexec", "tracefs", PRIVATE_PLACE];
  const { status, stderr } = spawnSync("mount", options, { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] });
  if (status !== 0) {
    throw new Error(`tracefs cannot be mounted: ${stderr?.trim() ?? "no program mount"}`);
  }
}

/** Another agent may use it: then it is busy and stays. */
function unmount(): void {
  spawnSync("umount", [PRIVATE_PLACE], { stdio: "ignore" });
  attempt(() => rmdirSync(PRIVATE_PLACE));
  attempt(() => rmdirSync(PRIVATE_FOLDER));
}
