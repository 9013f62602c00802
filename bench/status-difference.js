/** What differs between two status.dat files, found with nothing of DOTM's. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

/**
 * A service check that is OK in the first file and CRITICAL, HARD, in the second.
 *
 * @param {string} before
 * @param {string} after
 */
export async function newProblem(before, after) {
  const fine = new Set();
  for await (const { name, state } of serviceChecks(before)) {
    if (state === "0") {
      fine.add(name);
    }
  }
  for await (const { name, state, type } of serviceChecks(after)) {
    if (state === "2" && type === "1" && fine.has(name)) {
      const [host, check] = name.split("\t");
      return { host, check };
    }
  }
  throw new Error(`nothing became CRITICAL between ${before} and ${after}`);
}

/** A service check of a status.dat that speaks of a web server and is OK and HARD. */
export async function fineCheck(file) {
  for await (const { name, state, type } of serviceChecks(file)) {
    const [host, check] = name.split("\t");
    if (state === "0" && type === "1" && /http/i.test(check)) {
      return { host, check };
    }
  }
  throw new Error(`all web servers of ${file} are in trouble`);
}

async function* serviceChecks(file) {
  let fields;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (line === "servicestatus {") {
      fields = {};
    } else if (line === "\t}" && fields !== undefined) {
      yield {
        name: `${fields.host_name}\t${fields.service_description}`,
        state: fields.current_state,
        type: fields.state_type,
      };
      fields = undefined;
    } else if (fields !== undefined) {
      const equals = line.indexOf("=");
      fields[line.slice(1, equals)] = line.slice(equals + 1);
    }
  }
}
