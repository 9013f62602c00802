/** `/health`: how fresh everything is: sources, agents, and the parts of the process that serves this. */
import type { Request, Response } from "express";
import { duration } from "../impact/summary.ts";
import type { SourceHealth } from "../model/monitoring.ts";
import { isStaleSource } from "../model/stale-source.ts";
import { momentOf } from "./ages.ts";
import { allHostFacts } from "./api/host-facts.ts";
import { lastReportOf, toAgent } from "./api/items.ts";
import { hostLink } from "./links.ts";
import { type Asking, askingOf, frameOf, type PageDeps, readFresh } from "./page-frame.ts";
import { otherParameters } from "./url-contract.ts";
import { viewQuery } from "./view-parameters.ts";

/** Agents listed; the rest is counted. */
const MOST = 500;

const AGENTS = ["stale", "none", "fresh"] as const;

/** The handler of `/health`. */
export function healthPage(deps: PageDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const asking = askingOf(request, deps);
    const [fresh, readiness] = await Promise.all([readFresh(deps.reader), deps.readiness()]);
    const { now, query } = asking;
    const agents = await readAgents(deps, asking);
    const only = AGENTS.find((each) => each === otherParameters(query).get("agent"));
    const shown = agents.filter(({ agent }) => only === undefined || agent === only);
    const suffix = viewQuery(asking.view);
    const bad = fresh.sources.filter((source) => !source.ok || isStaleSource(source, now)).length;
    const silent = agents.filter(({ agent }) => agent === "stale").length;
    response.set("Cache-Control", "no-cache");
    response.send(
      deps.render("health", {
        frame: frameOf(deps, asking, { title: "Health", page: "health", fresh }),
        search: "",
        sentence: sentenceOf(fresh.sources.length, bad, agents.length, silent),
        tone: bad + silent > 0 || !readiness.ready ? "warning" : "ok",
        parts: Object.entries(readiness.parts).map(([name, part]) => ({ name, ...part })),
        sources: fresh.sources.map((source) => sourceRow(source, now)),
        filters: [undefined, ...AGENTS].map((agent) => ({
          name: agent ?? "all",
          href: `?${agent === undefined ? "" : `agent=${agent}`}${suffix}`,
          current: agent === only,
          count: agents.filter((each) => agent === undefined || each.agent === agent).length,
        })),
        agents: shown.slice(0, MOST),
        more: Math.max(0, shown.length - MOST),
        nobody: agents.every(({ agent }) => agent === "none"),
      }),
    );
  };
}

function sentenceOf(sources: number, bad: number, hosts: number, silent: number): string {
  if (sources === 0) {
    return "No monitoring source is configured.";
  }
  const trouble = [
    ...(bad > 0 ? [`${bad} of ${sources} sources cannot be believed`] : []),
    ...(silent > 0 ? [`${silent} of ${hosts} agents are silent`] : []),
  ];
  return trouble.length === 0 ? "Everything we hear is fresh." : `${trouble.join(", ")}.`;
}

async function readAgents(deps: PageDeps, { root, now }: Asking) {
  const rows = [];
  for await (const facts of allHostFacts(deps.reader, await deps.reader.nodes())) {
    const { host, agent, reportStatus, addresses } = toAgent(facts, now);
    const seen = momentOf(lastReportOf(facts), now);
    rows.push({ host, href: hostLink(root, host), agent, reportStatus, addresses: addresses.join(", "), seen });
  }
  return rows.sort((a, b) => AGENTS.indexOf(a.agent) - AGENTS.indexOf(b.agent));
}

function sourceRow(source: SourceHealth, now: number) {
  const { source: name, type, ok, error, warning, hosts, checks, lag, errors, staleAfter, reasons = {} } = source;
  const stale = isStaleSource(source, now);
  const failed = stale ? "stale" : "failed";
  return {
    ...{ name, type, hosts, checks, errors },
    state: ok && !stale ? "fresh" : failed,
    tone: ok && !stale ? "ok" : "warning",
    seen: momentOf(source.asOf, now),
    lag: `${lag.toFixed(1)} s`,
    staleAfter: duration(staleAfter),
    remark: error ?? warning,
    found: Object.entries(reasons)
      .map(([reason, count]) => `${count} × ${reason}`)
      .join(", "),
  };
}
