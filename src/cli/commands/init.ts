/** `dotm init`: a configuration with everything this machine tells of itself, and what to do next. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join, resolve } from "node:path";
import { placeText } from "../../config/place.ts";
import { configFiles } from "../../config/search.ts";
import { readConfig } from "../../config.ts";
import { DotmError } from "../../errors.ts";
import { apiUserText, type FoundMonitoring, findMonitoring, nagiosMonitoring } from "../../ingest/find-monitoring.ts";
import { EXIT } from "../exit-code.ts";
import { completedConfigText, newConfigText, type SourceText } from "../setup/config-plan.ts";
import { carryOut, changing, type FilePlan, plansText, textAt, undoneText } from "../setup/file-plan.ts";
import type { Terminal } from "../terminal.ts";
import { shellWord } from "../words.ts";

/** Options of the command. */
export interface InitOptions {
  readonly config?: string;
  /** A nagios.cfg, instead of what is found. */
  readonly nagios?: string;
  readonly dryRun: boolean;
  readonly write: boolean;
}

/** What `init` learns of the machine; tests say otherwise. */
export interface Machine {
  readonly root: string;
  /** The address of a Redis that answers, null where none does. */
  readonly redis: () => Promise<string | null>;
}

/** Milliseconds a Redis has to answer. */
const REDIS_WITHIN = 300;

/** Writes a configuration where there is none; of one that is there it shows what is missing, and adds it with `--write`. */
export async function init(options: InitOptions, terminal: Terminal, machine = thisMachine): Promise<number> {
  const file = fileOf(options, terminal);
  const found =
    options.nagios === undefined
      ? findMonitoring({ root: machine.root, folder: dirname(file) })
      : [nagiosMonitoring(existing(options.nagios, terminal))];
  const sources = found.map(({ source }) => source);
  const before = textAt(file);
  const after = before === null ? newConfigText(sources, await machine.redis()) : completedConfigText(before, sources);
  const plans = changing([{ path: file, before, after, mode: 0o644 }, ...secrets(sources)]);
  terminal.out.write(plansText(plans));
  const { err, program } = terminal;
  if (plans.length === 0) {
    err.write(`${file} names everything that was found.\n`);
  } else if (options.dryRun || (before !== null && !options.write)) {
    const how = options.dryRun ? "without --dry-run" : "with --write";
    err.write(`Nothing is written. To take it, run this again ${how}.\n`);
    return EXIT.done;
  } else {
    write(plans, file, terminal);
    err.write(`Written: ${plans.map(({ path }) => shellWord(path)).join(", ")}\n`);
  }
  err.write(nextSteps(found, file, options, program).join(""));
  return EXIT.done;
}

/** Writes, and takes it back where the result is no configuration. */
function write(plans: readonly FilePlan[], file: string, { around }: Terminal): void {
  const undo = carryOut(plans);
  const { problems } = readConfig({ file }, { ...around, env: {} });
  const [problem] = problems;
  if (problem !== undefined) {
    const text = `${placeText(problem.place)}: ${problem.text}`;
    throw new DotmError(
      "DOTM_CONFIG_INVALID",
      `With this the configuration is not valid: ${text}`,
      `Correct it first; ${undoneText(undo())}.`,
    );
  }
}

/** `--config`, the file in effect, or the one to begin with. */
function fileOf({ config }: InitOptions, { around }: Terminal): string {
  if (config !== undefined) {
    return resolve(around.cwd, config);
  }
  const [first] = configFiles(undefined, around);
  return first ?? join(around.root ? around.systemFolder : around.cwd, "dotm.yaml");
}

function existing(path: string, { around }: Terminal): string {
  const full = resolve(around.cwd, path);
  if (!existsSync(full)) {
    throw new DotmError(
      "DOTM_NOT_FOUND",
      `There is no ${full}.`,
      "Name the nagios.cfg of your monitoring: --nagios FILE",
    );
  }
  return full;
}

/** The password of a new ApiUser, and the user as Icinga is told of it. */
function secrets(sources: readonly SourceText[]): FilePlan[] {
  return sources.flatMap(({ password_file: file, user = "" }) => {
    if (file === undefined || existsSync(file)) {
      return [];
    }
    const password = randomBytes(24).toString("base64url");
    const brief = "(a new password, which only its owner may read)";
    return [
      { path: file, before: null, after: `${password}\n`, mode: 0o600, brief },
      {
        path: apiUserFile(file),
        before: textAt(apiUserFile(file)),
        after: apiUserText(user, password),
        mode: 0o600,
        brief,
      },
    ];
  });
}

function apiUserFile(passwordFile: string): string {
  return join(dirname(passwordFile), "icinga-apiuser.conf");
}

/** As they can be copied: the options that led here lead on. */
function nextSteps(
  found: readonly FoundMonitoring[],
  file: string,
  { config, nagios }: InitOptions,
  program: string,
): string[] {
  const here = config === undefined ? "" : ` --config ${shellWord(file)}`;
  const ofThis = nagios === undefined ? "" : ` --nagios-cfg ${shellWord(nagios)}`;
  const has = (type: string) => found.some(({ source }) => source["type"] === type);
  const passwords = found.flatMap(({ source }) => source["password_file"] ?? []);
  const steps = [
    ...passwords.map((path) => {
      const made = shellWord(apiUserFile(path));
      return `cat ${made} >> /etc/icinga2/conf.d/api-users.conf && rm ${made} && systemctl reload icinga2`;
    }),
    `${program} serve --config ${shellWord(file)}      # or, from a package: systemctl enable --now dotm`,
    ...(has("nagios")
      ? [`${program} nagios install${ofThis}${here}      # an icon and a picture in every row of Nagios`]
      : []),
    `${program} agent token HOST${here}      # and an agent on each host, which sees who needs whom`,
    `${program} doctor${here}      # what is wrong, and how to mend it`,
  ];
  const notes = found.flatMap((each) => each.notes);
  return [...notes.map((note) => `${note}\n`), "\nNext:\n", ...steps.map((step) => `  ${step}\n`)];
}

/** The machine we run on. */
const thisMachine: Machine = { root: "/", redis: () => answeringRedis("127.0.0.1", 6379) };

function answeringRedis(host: string, port: number): Promise<string | null> {
  return new Promise((answer) => {
    const socket = connect({ host, port, timeout: REDIS_WITHIN });
    const done = (url: string | null) => {
      socket.destroy();
      answer(url);
    };
    socket.once("connect", () => socket.write("PING\r\n"));
    // One that wants a password answers, too.
    socket.once("data", (data) => done(/^[+-]/.test(data.toString("latin1")) ? `redis://${host}:${port}` : null));
    socket.once("error", () => done(null));
    socket.once("timeout", () => done(null));
    socket.once("close", () => done(null));
  });
}
