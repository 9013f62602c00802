/**
 * Writes a made-up monitoring site as Nagios 4.4.6 would: status.dat, and objects.cache where wanted.
 *
 * Seeded: the same options give the same bytes. Tick k is the k-th state of one site: `churn` of its services got a
 * new result since tick k-1, everything else is as it was but for `last_update`, which Nagios renews in every block.
 *
 *   node bench/generate-site.js --hosts 10000 --services 10 --status /tmp/status.dat [--objects /tmp/objects.cache]
 *        [--seed 1] [--tick 0] [--churn 0.01] [--problems 0.05] [--created 1795000000]
 */
import { parseArgs } from "node:util";
import { describeSite } from "./site/describe-site.js";
import { replaceFile } from "./site/replace-file.js";
import { writeObjects } from "./site/write-objects.js";
import { writeStatus } from "./site/write-status.js";

/**
 * @typedef {object} SiteOptions
 * @property {number} hosts
 * @property {number} services services of each host
 * @property {string} status where status.dat goes; replaced by rename
 * @property {string} [objects] where objects.cache goes; not written where absent
 * @property {number} [seed]
 * @property {number} [tick]
 * @property {number} [churn] share of services with a new result at each tick, 0 to 1
 * @property {number} [problems] share of services that are not OK
 * @property {number} [created] Unix seconds of tick 0; a tick is 10 s
 */

/**
 * Writes the files of one tick.
 * @param {SiteOptions} options
 * @returns {{bytes: number, problems: number, created: number}}
 */
export function writeSite(options) {
  const site = describeSite(options);
  if (options.objects !== undefined) {
    replaceFile(options.objects, (write) => writeObjects(site, write));
  }
  const bytes = replaceFile(options.status, (write) => writeStatus(site, write));
  return { bytes, problems: site.failing, created: site.created };
}

function main() {
  const number = (value) => (value === undefined ? undefined : Number(value));
  const text = { type: "string" };
  const { values } = parseArgs({
    options: {
      hosts: text,
      services: text,
      status: text,
      objects: text,
      seed: text,
      tick: text,
      churn: text,
      problems: text,
      created: text,
    },
  });
  if (values.status === undefined || !(Number(values.hosts) > 0)) {
    console.error(
      "usage: node bench/generate-site.js --hosts N --services M --status FILE [--objects FILE] [--seed N] [--tick N] [--churn SHARE] [--problems SHARE] [--created UNIX]",
    );
    process.exit(2);
  }
  const options = Object.entries({
    ...values,
    hosts: number(values.hosts),
    services: Number(values.services ?? 10),
    seed: number(values.seed),
    tick: number(values.tick),
    churn: number(values.churn),
    problems: number(values.problems),
    created: number(values.created),
  });
  const { bytes, problems, created } = writeSite(
    Object.fromEntries(options.filter(([, value]) => value !== undefined)),
  );
  console.log(`${values.status}: ${bytes} bytes, ${problems} service problems, created ${created}`);
}

if (process.argv[1]?.endsWith("generate-site.js")) {
  main();
}
