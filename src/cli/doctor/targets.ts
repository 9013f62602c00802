/** Can DOTM's results be written where `notify` says, and its notifications be sent? Nothing is written to find out. */
import { accessSync, closeSync, constants, openSync, readFileSync, statSync } from "node:fs";
import { type RequestOptions, request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import { delimiter, isAbsolute, join } from "node:path";
import type { NotifyTarget } from "../../config/config-value.ts";
import { messageOf } from "../../errors.ts";
import { shellWord } from "../words.ts";
import { broken, type Finding, fine } from "./finding.ts";

/** Milliseconds for one answer at most. */
const ANSWER_WITHIN = 3_000;

/** One finding for each target; `path`: where programs are looked for. */
export function examineTargets(targets: readonly NotifyTarget[], path: string): Promise<Finding[]> {
  return Promise.all(targets.map((target) => examineTarget(target, path)));
}

async function examineTarget(target: NotifyTarget, path: string): Promise<Finding> {
  const part = `notify ${target.name}`;
  switch (target.type) {
    case "nagios":
      return examinePipe(part, target.commandFile);
    case "nsca":
      return examineProgram(part, target, path);
    default:
      return examineAddress(part, target);
  }
}

const PIPE_FIX = "Start Nagios with check_external_commands=1, or name its command_file in dotm.yaml.";

function examinePipe(part: string, file: string): Finding {
  try {
    if (!statSync(file).isFIFO()) {
      return broken(part, `${file} is no pipe`, "Name the command_file of nagios.cfg in dotm.yaml.");
    }
    // Opened so, a pipe tells at once whether somebody reads it.
    closeSync(openSync(file, constants.O_WRONLY | constants.O_NONBLOCK));
    return fine(part, `${file} is read by Nagios`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EACCES" || code === "EPERM") {
      return broken(
        part,
        `${file} cannot be written: ${messageOf(error)}`,
        "usermod -aG nagios dotm, then restart DOTM",
      );
    }
    return broken(part, code === "ENXIO" ? `nobody reads ${file}` : messageOf(error), PIPE_FIX);
  }
}

type Nsca = Extract<NotifyTarget, { type: "nsca" }>;

function examineProgram(part: string, { command, configFile, host, port }: Nsca, path: string): Finding {
  const places = isAbsolute(command) ? [command] : path.split(delimiter).map((folder) => join(folder, command));
  const program = places.find(canRun);
  if (program === undefined) {
    return broken(part, `the program ${command} is not there`, "apt install nsca-client, or name it: command: /PATH");
  }
  try {
    if (configFile !== null) {
      accessSync(configFile, constants.R_OK);
    }
  } catch (error) {
    return broken(part, messageOf(error), `Let DOTM's user read it: chgrp dotm ${shellWord(configFile ?? "")}`);
  }
  return fine(part, `${program} sends to ${host}:${port}`);
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

type Http = Exclude<NotifyTarget, { type: "nagios" | "nsca" }>;

/** Whatever it answers, it is there; who may write is seen only by writing. */
async function examineAddress(part: string, target: Http): Promise<Finding> {
  const { origin } = new URL(target.url);
  try {
    return fine(part, `${origin} answers (${await headOf(target)})`);
  } catch (error) {
    const fix = "Look whether it runs, and what its certificate is for: url, ca_file.";
    return broken(part, `${origin} cannot be reached: ${messageOf(error)}`, fix);
  }
}

function headOf(target: Http): Promise<number> {
  const url = new URL(target.url);
  const isTls = url.protocol === "https:";
  const name = target.type === "icinga2" ? target.servername : null;
  const trust = {
    ...(target.caFile === null ? {} : { ca: readFileSync(target.caFile) }),
    ...(name === null ? {} : { servername: name }),
  };
  const options: RequestOptions = {
    ...{ method: "HEAD", agent: false, signal: AbortSignal.timeout(ANSWER_WITHIN) },
    ...(isTls ? trust : {}),
  };
  return new Promise((resolve, reject) => {
    const asking = (isTls ? requestTls : requestPlain)(url, options, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asking.on("error", reject);
    asking.end();
  });
}
