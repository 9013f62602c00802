/** Secrets: read from files of their own, shown as *** wherever a value is printed. */
import { readFileSync, statSync } from "node:fs";
import { inspect } from "node:util";
import { DotmError, messageOf } from "../errors.ts";

/** A secret that prints as `***`; only `reveal` tells it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The secret itself, for the one who must send it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "***";
  }

  toJSON(): string {
    return "***";
  }

  [inspect.custom](): string {
    return "***";
  }
}

/**
 * Reads the first line of a secret's file.
 * @throws DotmError DOTM_CONFIG_INVALID where it cannot be read, is empty, or every user of the machine may read it
 */
export function readSecret(file: string): Secret {
  const line = firstLine(file);
  if (line === "") {
    throw new DotmError("DOTM_CONFIG_INVALID", `${file} is empty; its first line must be the secret.`);
  }
  // Group bits are left alone: systemd shows the access list of a credential as its group bits.
  if ((statSync(file).mode & 0o007) !== 0) {
    throw new DotmError(
      "DOTM_CONFIG_INVALID",
      `Every user of this machine may read the secret in ${file}.`,
      `chmod o= ${file}`,
    );
  }
  return new Secret(line);
}

/** A URL without its password, fit to be shown; a password may hold anything, and a URL of another scheme has it elsewhere. */
export function maskUrl(url: string): string {
  return url.replace(/^([a-z][\w+.-]*:\/\/[^:@/]*:).*@/i, "$1***@").replace(/([?&]password=)[^&#]*/gi, "$1***");
}

function firstLine(file: string): string {
  try {
    return readFileSync(file, "utf8").split(/\r?\n/, 1)[0] ?? "";
  } catch (error) {
    throw new DotmError("DOTM_CONFIG_INVALID", `The secret's file cannot be read: ${messageOf(error)}.`, "", {
      cause: error,
    });
  }
}
