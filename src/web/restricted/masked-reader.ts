/**
 * The stored picture as a restricted viewer sees it. Every host, service, problem and edge is there, so that whatever is
 * counted or computed comes out right; those of hidden hosts have names that tell nothing, and no words of their own.
 */
import { type Alarm, sortedAlarms } from "../../model/alarm.ts";
import type { HostCheckRecord, NodeRecord, ServiceCheckRecord } from "../../model/changes.ts";
import type { HostGraph } from "../../model/host-graph.ts";
import type { HostNotes } from "../../model/host-notes.ts";
import type { Impact } from "../../model/impact.ts";
import type { SourceHealth } from "../../model/monitoring.ts";
import type { Settings } from "../../model/settings.ts";
import type { MapReader, Ranked, Revision } from "../../store/map-reader.ts";
import { eachInSlices, inSlices } from "../../store/time-slices.ts";
import type { Mask } from "./mask.ts";
import { maskedGraph } from "./masked-graph.ts";
import { maskedImpact } from "./masked-impact.ts";
import {
  maskedAlarm,
  maskedCheck,
  maskedHostCheck,
  maskedNode,
  maskedNotes,
  maskedSettings,
  maskedSource,
} from "./masked-records.ts";
import type { Sight } from "./sight.ts";

/** A reader over another one. */
export class MaskedReader implements MapReader {
  readonly #reader: MapReader;
  readonly #sight: Sight;
  readonly #mask: Mask;

  constructor(reader: MapReader, sight: Sight, mask: Mask) {
    this.#reader = reader;
    this.#sight = sight;
    this.#mask = mask;
  }

  async nodes(): Promise<string[]> {
    return (await this.#reader.nodes()).map((host) => this.#mask.host(host)).sort();
  }

  async node(name: string): Promise<NodeRecord | undefined> {
    return (await this.nodesOf([name])).get(name);
  }

  async nodesOf(names: readonly string[]): Promise<Map<string, NodeRecord>> {
    const nodes = await this.#reader.nodesOf(this.#hosts(names));
    return this.#masked(nodes, (node, host) => maskedNode(host, node, this.#mask));
  }

  async graphs(names: readonly string[]): Promise<Map<string, HostGraph>> {
    const graphs = await this.#reader.graphs(this.#hosts(names));
    return this.#masked(graphs, (graph) => maskedGraph(graph, this.#mask));
  }

  async notes(names: readonly string[]): Promise<Map<string, HostNotes>> {
    const shown = this.#hosts(names).filter((host) => this.#sight.sees(host));
    const notes = await this.#reader.notes(shown);
    return this.#masked(notes, (each) => maskedNotes(each, this.#mask));
  }

  async impact(name: string, asked: string | null): Promise<Impact | undefined> {
    const host = this.#sight.hostOf(name);
    const check = host === undefined ? undefined : await this.#checkOf(host, asked);
    const impact = host === undefined || check === undefined ? undefined : await this.#reader.impact(host, check);
    return impact === undefined ? undefined : maskedImpact(impact, this.#mask);
  }

  async ranking(offset: number, limit: number): Promise<Ranked[]> {
    const ranked = await this.#reader.ranking(offset, limit);
    return ranked.map(({ host, check, affected }) => ({
      host: this.#mask.host(host),
      check: this.#mask.check(host, check),
      affected,
    }));
  }

  problems(): Promise<number> {
    return this.#reader.problems();
  }

  async hostCheck(name: string): Promise<HostCheckRecord | undefined> {
    return (await this.hostChecksOf([name])).get(name);
  }

  async hostChecksOf(names: readonly string[]): Promise<Map<string, HostCheckRecord>> {
    const checks = await this.#reader.hostChecksOf(this.#hosts(names));
    return this.#masked(checks, (record) => maskedHostCheck(record, this.#mask));
  }

  async serviceChecks(name: string): Promise<ServiceCheckRecord[]> {
    return (await this.checksOf([name])).get(name) ?? [];
  }

  async checksOf(names: readonly string[]): Promise<Map<string, ServiceCheckRecord[]>> {
    const checks = await this.#reader.checksOf(this.#hosts(names));
    return this.#masked(checks, (records) => records.map((record) => maskedCheck(record, this.#mask)));
  }

  async sources(): Promise<SourceHealth[]> {
    return (await this.#reader.sources()).map((source) => maskedSource(source, this.#mask));
  }

  async alarms(names?: readonly string[]): Promise<readonly Alarm[]> {
    const alarms = await this.#reader.alarms(names && this.#hosts(names));
    return inSlices(sortedAlarms(await eachInSlices(alarms, (alarm) => maskedAlarm(alarm, this.#mask))));
  }

  async settings(): Promise<Settings> {
    return maskedSettings(await this.#reader.settings(), this.#mask);
  }

  revision(): Promise<Revision> {
    return this.#reader.revision();
  }

  /** What there is of each host, by the names they are shown under. */
  async #masked<T>(found: ReadonlyMap<string, T>, mask: (value: T, host: string) => T): Promise<Map<string, T>> {
    return new Map(await eachInSlices(found, ([host, value]) => [this.#mask.host(host), mask(value, host)]));
  }

  #hosts(names: readonly string[]): string[] {
    return names.flatMap((name) => this.#sight.hostOf(name) ?? []);
  }

  /** The check of a host that is shown under a name; null for the host itself, undefined where there is none. */
  async #checkOf(host: string, asked: string | null): Promise<string | null | undefined> {
    if (asked === null || (this.#sight.sees(host) && this.#mask.text(asked) === asked)) {
      return asked;
    }
    const checks = await this.#reader.serviceChecks(host);
    return checks.map(({ service }) => service).find((service) => this.#mask.check(host, service) === asked);
  }
}
