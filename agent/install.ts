/** Puts the agent in its place: the program, the token, the systemd unit. */
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { InstallOptions } from "./options.ts";
import { unitText } from "./unit.ts";
import { UsageError } from "./usage.ts";

/** The program that is installed. */
export interface Program {
  /** Node, or the agent itself where it is one executable. */
  readonly executable: string;
  /** The bundled script; undefined where the executable is all of it. */
  readonly script: string | undefined;
}

/** A file to be written. */
interface Planned {
  readonly path: string;
  readonly mode: number;
  readonly content: Buffer | string;
}

const LIBRARY = "/usr/local/lib/dotm-agent";
const SETTINGS = "/etc/dotm-agent";
const UNIT = "/etc/systemd/system/dotm-agent.service";

/** Installs, or only tells; gives back what to say to the user. Throws UsageError where it cannot be done. */
export function install(options: InstallOptions, program: Program): string {
  const files = plan(options, program);
  if (options.dryRun) {
    return files.map(({ path, mode, content }) => described(join(options.root, path), mode, content)).join("\n");
  }
  for (const { path, mode, content } of files) {
    put(join(options.root, path), mode, content);
  }
  const written = files.map(({ path }) => `wrote ${join(options.root, path)}\n`).join("");
  return `${written}start it with: systemctl daemon-reload && systemctl enable --now dotm-agent\n`;
}

function plan({ level, tokenFile, caFile, certFile, keyFile, run }: InstallOptions, program: Program): Planned[] {
  const files: Planned[] = [];
  const command: string[] = [];
  const copy = (from: string, path: string, mode: number) => {
    files.push({ path, mode, content: readFileSync(from) });
    return path;
  };
  if (program.script === undefined) {
    command.push(copy(program.executable, `${LIBRARY}/dotm-agent`, 0o755));
  } else {
    refuseHome(program.executable);
    command.push(program.executable, copy(program.script, `${LIBRARY}/dotm-agent.mjs`, 0o755));
  }
  const token = tokenFile === undefined ? undefined : copy(tokenFile, `${SETTINGS}/token`, 0o600);
  command.push("run", ...run);
  if (caFile !== undefined) {
    command.push("--ca-file", copy(caFile, `${SETTINGS}/ca.pem`, 0o644));
  }
  if (certFile !== undefined) {
    command.push("--cert-file", copy(certFile, `${SETTINGS}/host.crt`, 0o644));
  }
  const key = keyFile === undefined ? undefined : copy(keyFile, `${SETTINGS}/host.key`, 0o600);
  files.push({ path: UNIT, mode: 0o644, content: unitText({ level, command, tokenFile: token, keyFile: key }) });
  return files;
}

/** The unit cannot look into homes, so it would not even find Node there. */
function refuseHome(executable: string): void {
  if (/^\/(?:root|home|run\/user)\//.test(executable)) {
    throw new UsageError(`the unit could not start ${executable}, as it sees no homes; install Node for all users`);
  }
}

function described(path: string, mode: number, content: Buffer | string): string {
  const rights = mode.toString(8).padStart(4, "0");
  return typeof content === "string"
    ? `# ${path} (mode ${rights})\n${content}`
    : `# ${path} (mode ${rights}, ${content.length} bytes)\n`;
}

/** Written beside and renamed: an agent that runs goes on with the file it began with. */
function put(path: string, mode: number, content: Buffer | string): void {
  const made = mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  const temporary = `${path}.tmp`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, content, { mode: 0o600, flag: "wx", flush: true });
  // Whatever the umask of root is: the agent runs as somebody else.
  chmodSync(temporary, mode);
  if (made !== undefined) {
    chmodSync(dirname(path), 0o755);
  }
  renameSync(temporary, path);
}
