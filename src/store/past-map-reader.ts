/** Reads a picture of the past as `RedisMapReader` reads the present one. */
import { type Alarm, sortedAlarms } from "../model/alarm.ts";
import type { HostCheckRecord, NodeRecord, ServiceCheckRecord } from "../model/changes.ts";
import { compareIds } from "../model/compare.ts";
import type { HostGraph } from "../model/host-graph.ts";
import type { HostNotes } from "../model/host-notes.ts";
import { affectedServices, type Impact } from "../model/impact.ts";
import type { SourceHealth } from "../model/monitoring.ts";
import type { Settings } from "../model/settings.ts";
import { alarmsFromJson } from "./alarm-reader.ts";
import { parseProblemMember, problemMember } from "./keys.ts";
import type { MapReader, Ranked, Revision } from "./map-reader.ts";
import type { PastPicture } from "./past-picture.ts";
import {
  checksFromJson,
  graphFromJson,
  hostCheckFromJson,
  impactFromJson,
  nodeFromJson,
  notesFromJson,
  sourceFromJson,
} from "./record-codec.ts";
import { inSlices } from "./time-slices.ts";

/** What is not part of the picture. */
export interface PastSurroundings {
  /** What people set; passwords are among it, so that no snapshot holds it, and the present ones hold. */
  readonly settings: () => Promise<Settings>;
  readonly revision: Revision;
}

/** A reader of one picture. What is broken in it is left out, as in the present one. */
export class PastMapReader implements MapReader {
  private readonly picture: PastPicture;
  private readonly around: PastSurroundings;
  private ranked: Promise<readonly Ranked[]> | undefined;

  constructor(picture: PastPicture, around: PastSurroundings) {
    this.picture = picture;
    this.around = around;
  }

  async nodes(): Promise<string[]> {
    return [...this.picture.names("node")].sort();
  }

  async node(name: string): Promise<NodeRecord | undefined> {
    return this.picture.read("node", name, nodeFromJson);
  }

  nodesOf(hosts: readonly string[]): Promise<Map<string, NodeRecord>> {
    return this.picture.readAll("node", hosts, nodeFromJson);
  }

  graphs(hosts: readonly string[]): Promise<Map<string, HostGraph>> {
    return this.picture.readAll("graph", hosts, graphFromJson);
  }

  notes(hosts: readonly string[]): Promise<Map<string, HostNotes>> {
    return this.picture.readAll("notes", hosts, notesFromJson);
  }

  async impact(host: string, check: string | null): Promise<Impact | undefined> {
    // A name that cannot be stored is that of no problem.
    return parseProblemMember(`${host}::x`) === undefined
      ? undefined
      : this.picture.read("impact", problemMember(host, check), impactFromJson);
  }

  async ranking(offset: number, limit: number): Promise<Ranked[]> {
    this.ranked ??= this.rank();
    return (await this.ranked).slice(offset, offset + limit);
  }

  async problems(): Promise<number> {
    return this.picture.names("impact").size;
  }

  async hostCheck(host: string): Promise<HostCheckRecord | undefined> {
    return this.picture.read("host-check", host, hostCheckFromJson);
  }

  hostChecksOf(hosts: readonly string[]): Promise<Map<string, HostCheckRecord>> {
    return this.picture.readAll("host-check", hosts, hostCheckFromJson);
  }

  async serviceChecks(host: string): Promise<ServiceCheckRecord[]> {
    return this.picture.read("checks", host, checksFromJson) ?? [];
  }

  async checksOf(hosts: readonly string[]): Promise<Map<string, ServiceCheckRecord[]>> {
    const checks = await this.picture.readAll("checks", hosts, checksFromJson);
    return new Map([...checks].filter(([, records]) => records.length > 0));
  }

  async sources(): Promise<SourceHealth[]> {
    const sources = await this.picture.readAll("source", [...this.picture.names("source")], sourceFromJson);
    return [...sources.values()].sort((a, b) => compareIds(a.source, b.source));
  }

  async alarms(hosts?: readonly string[]): Promise<readonly Alarm[]> {
    const names = hosts?.filter((host) => host !== "") ?? [...this.picture.names("alarms")];
    const alarms = await this.picture.readAll("alarms", names, alarmsFromJson);
    return inSlices(sortedAlarms([...alarms.values()].flat()));
  }

  settings(): Promise<Settings> {
    return this.around.settings();
  }

  async revision(): Promise<Revision> {
    return this.around.revision;
  }

  private async rank(): Promise<readonly Ranked[]> {
    const impacts = await this.picture.readAll("impact", [...this.picture.names("impact")], impactFromJson);
    const rows = [...impacts].flatMap(([member, impact]) => {
      const problem = parseProblemMember(member);
      return problem === undefined ? [] : [{ member, row: { affected: affectedServices(impact), ...problem } }];
    });
    return rows.sort((a, b) => b.row.affected - a.row.affected || compareIds(a.member, b.member)).map(({ row }) => row);
  }
}
