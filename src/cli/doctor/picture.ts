/** Is what the store holds alive and complete: engine, sources, agents, mapped checks, settings? */
import type { Config } from "../../config/config-value.ts";
import { duration } from "../../impact/summary.ts";
import { bitesOf } from "../../model/bites.ts";
import type { HostGraph } from "../../model/host-graph.ts";
import { INTERNET } from "../../model/ids.ts";
import type { SourceHealth } from "../../model/monitoring.ts";
import { isFuture } from "../../model/set-back.ts";
import { isOutdated } from "../../model/stale-source.ts";
import type { MapReader, Revision } from "../../store/map-reader.ts";
import type { OpenStore } from "../open-store.ts";
import { broken, doubtful, type Finding, fine, someOf } from "./finding.ts";
import { examineNames } from "./names.ts";

/** Seconds without a sign of life after which the engine counts as dead; it gives one every few seconds. */
const SILENT_AFTER = 60;

/** Hosts whose fault is told; one cause often stops many. */
const FAULTS_SHOWN = 3;

/** Seconds by which a clock may differ. */
const SKEW = 60;

/** What an examination of the picture needs. */
export interface Examination {
  readonly store: OpenStore;
  /** The daemon's configuration; undefined where another one's store is looked at. */
  readonly config: Config | undefined;
  /** Unix seconds. */
  readonly now: number;
  readonly program: string;
}

/** Examines everything the store can tell. @throws DotmError DOTM_STORE_UNREACHABLE */
export async function examinePicture(examination: Examination): Promise<Finding[]> {
  const { reader, settings } = examination.store;
  const [revision, sources, { problems }] = await Promise.all([
    reader.revision(),
    reader.sources(),
    settings.inspect(),
  ]);
  const census = await takeCensus(reader);
  const { program } = examination;
  const ignored = problems.map(({ key, entry, reason }) =>
    doubtful("settings", `${key}: ${entry} ${reason}; it is ignored`, `See: ${program} settings get`),
  );
  return [
    engine(revision, examination),
    ...sourceFindings(sources, examination),
    ...agents(census, examination),
    ...examineNames(census.unmonitored, census.without, program),
    ...(await clocks(census, examination)),
    checks(census, examination),
    ...ignored,
  ];
}

function engine({ at }: Revision, { now, program }: Examination): Finding {
  const fix = `See: systemctl status dotm; start it: ${program} serve`;
  if (at <= 0) {
    return broken("engine", "it never gave a sign of life in this store", fix);
  }
  if (isFuture(at, now)) {
    const text = `its last sign of life lies ${duration(at - now)} ahead: a clock is wrong, or was set back since`;
    return broken("engine", text, `Set the clocks right: timedatectl set-ntp true. Where that does not help: ${fix}`);
  }
  const text = `last sign of life ${duration(now - at)} ago`;
  return now - at > SILENT_AFTER ? broken("engine", text, fix) : fine("engine", text);
}

function sourceFindings(sources: readonly SourceHealth[], { config, now, program }: Examination): Finding[] {
  const known = new Set(sources.map(({ source }) => source));
  const silent = (config?.sources ?? []).filter(({ name }) => !known.has(name));
  if (sources.length + silent.length === 0) {
    const fix = `Add one under sources: in dotm.yaml, as ${program} config default shows.`;
    return [doubtful("sources", "no monitoring source is known, so no problem is", fix)];
  }
  return [
    ...sources.map((health) => sourceFinding(health, now)),
    ...silent.map(({ name }) =>
      broken(`source ${name}`, "it is configured, but the daemon has said nothing of it", "Restart the daemon."),
    ),
  ];
}

function sourceFinding({ source, ok, error, asOf, staleAfter, hosts, checks: count }: SourceHealth, now: number) {
  const part = `source ${source}`;
  const age = asOf > 0 ? `written ${duration(now - asOf)} ago` : "nothing read yet";
  if (!ok || error !== null) {
    // The error tells its next step itself.
    return broken(part, `${error ?? "the last attempt failed"} (${age})`, null);
  }
  if (asOf <= 0) {
    return doubtful(part, age, "Wait a moment; then see the log of the daemon.");
  }
  return isOutdated({ asOf, staleAfter }, now)
    ? broken(
        part,
        `${age}, stale after ${duration(staleAfter)}`,
        "Does the monitoring run? See: systemctl status nagios",
      )
    : fine(part, `${age}, ${hosts} hosts, ${count} checks`);
}

/** What is counted over all hosts. */
interface Census {
  /** Hosts of which a report is known. */
  readonly reporting: readonly string[];
  readonly fresh: number;
  readonly stale: readonly string[];
  /** Hosts of the monitoring without an agent. */
  readonly without: readonly string[];
  /** Hosts with an agent that no monitoring knows. */
  readonly unmonitored: readonly string[];
  /** Hosts whose last report could not be taken, with the reason. */
  readonly faults: readonly string[];
  readonly checks: number;
  readonly mapped: number;
}

async function takeCensus(reader: MapReader): Promise<Census> {
  const graphs: HostGraph[] = [];
  const faults: string[] = [];
  let [all, mapped] = [0, 0];
  for (const bite of bitesOf(await reader.nodes())) {
    const [loaded, checksOf, nodes] = await Promise.all([
      reader.graphs(bite),
      reader.checksOf(bite),
      reader.nodesOf(bite),
    ]);
    faults.push(...bite.flatMap((host) => faultOf(host, nodes.get(host)?.fetchStatus ?? "")));
    graphs.push(...[...loaded.values()].filter(({ host }) => host !== INTERNET));
    const records = [...checksOf.values()].flat();
    all += records.length;
    mapped += records.filter(({ services }) => services.length > 0).length;
  }
  return {
    reporting: graphs.filter(({ agent }) => agent !== "none").map(({ host }) => host),
    fresh: graphs.filter(({ agent }) => agent === "fresh").length,
    stale: graphs.filter(({ agent }) => agent === "stale").map(({ host }) => host),
    without: graphs.filter(({ agent, state }) => agent === "none" && state !== null).map(({ host }) => host),
    unmonitored: graphs.filter(({ agent, state }) => agent !== "none" && state === null).map(({ host }) => host),
    faults,
    checks: all,
    mapped,
  };
}

/** Wrong clocks do no harm to ages, which are told by our clock; but logs and graphs cannot be held side by side. */
async function clocks({ reporting }: Census, { store }: Examination): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const { host, ahead } of store.clocks(reporting)) {
    if (Math.abs(ahead) > SKEW && findings.length < FAULTS_SHOWN) {
      const how = `${duration(Math.abs(ahead))} ${ahead > 0 ? "ahead" : "behind"}`;
      findings.push(doubtful("clocks", `the clock of ${host} is ${how} ours`, `On ${host}: timedatectl set-ntp true`));
    }
  }
  return findings;
}

function faultOf(host: string, status: string): string[] {
  return ["", "OK", "no report yet"].includes(status) ? [] : [`${host}: ${status}`];
}

function agents({ fresh, stale, without, faults }: Census, { program }: Examination): Finding[] {
  const token = `Run an agent there; its token: ${program} agent token HOST`;
  if (fresh + stale.length === 0) {
    return [broken("agents", "none has reported, so nobody knows who needs whom", token)];
  }
  const old = stale.length === 0 ? "" : `, ${stale.length} stale: ${someOf(stale)}`;
  const count = `${fresh} fresh${old}`;
  return [
    stale.length === 0
      ? fine("agents", count)
      : doubtful("agents", count, "See on these hosts: systemctl status dotm-agent"),
    ...faults.slice(0, FAULTS_SHOWN).map((fault) => doubtful("agents", fault, `All: ${program} get nodes -o wide`)),
    ...(without.length === 0
      ? []
      : [doubtful("agents", `${without.length} monitored without an agent: ${someOf(without)}`, token)]),
  ];
}

function checks({ checks: all, mapped }: Census, { program }: Examination): Finding {
  const text = `${mapped} of ${all} mapped to a service`;
  return mapped > 0
    ? fine("checks", text)
    : doubtful("checks", text, `See: ${program} get mappings; why: ${program} map test "CHECK NAME" HOST`);
}
