/** Reading a large status.dat: whole process, again in a running process, and again after one service check in a hundred changed. */
import { join } from "node:path";
import { writeSite } from "../generate-site.js";
import { milliseconds } from "../whole-process.js";

const HOSTS = 10_000;
const SERVICES = 10;

/** Two states of one site, one tick apart; made once for all rows of a run. */
let site;

async function prepareSite({ folder, say }) {
  if (site === undefined) {
    say(`writing two states of ${HOSTS} hosts × ${SERVICES} services`);
    const write = (tick) => {
      const status = join(folder, `status-${tick}.dat`);
      writeSite({ hosts: HOSTS, services: SERVICES, status, tick });
      return status;
    };
    site = { before: write(0), after: write(1) };
  }
  return site;
}

export const rows = [
  {
    name: "status-dat-cold",
    title: `Read a status.dat of ${HOSTS} hosts × ${SERVICES} services, whole process`,
    unit: "ms",
    rounds: 7,
    reference: "wc -l",
    prepare: prepareSite,
    contenders: [
      { name: "cat", run: ({ before }) => milliseconds("cat", [before]) },
      { name: "wc -l", run: ({ before }) => milliseconds("wc", ["-l", before]) },
      { name: "node -e 0", run: () => milliseconds(process.execPath, ["-e", "0"]) },
    ],
  },
];
