/** Under which names hosts stand in the picture: what the monitoring, people and the agents call them, in that order. */
import type { HostReport, RepeatedReport } from "../model/host-report.ts";
import { CalledHosts } from "./called-hosts.ts";
import { addressedHost, identifyHost, type KnownNames, namedHost } from "./identify-host.ts";

/** Names of hosts as agents and sources tell them become names of the picture. */
export class NamesInPicture {
  private readonly known: () => KnownNames;
  private readonly called = new CalledHosts();

  /** `known` tells what names are compared with now. */
  constructor(known: () => KnownNames) {
    this.known = known;
  }

  /**
   * Under which name the host of an agent that calls itself `name` stands in the picture. Who only claims to have the
   * address of a host is not taken for it where an agent of that name reports.
   */
  nameOf(name: string, ips: readonly string[]): string {
    const known = this.known();
    const named = namedHost(name, known);
    const addressed = named === undefined ? addressedHost(ips, known) : undefined;
    return named ?? (addressed === undefined || this.called.hasVoice(addressed) ? name : addressed);
  }

  /** Whether a name alone says which host of the picture is meant. */
  isNamed(name: string): boolean {
    return namedHost(name, this.known()) !== undefined;
  }

  /** The host of the picture that a source means by a name or an address. */
  meantBy(told: string): string {
    return identifyHost(told, [told], this.known());
  }

  /** Another thing than before once a host may be called otherwise. */
  get namedBy(): unknown {
    return this.known().monitored;
  }

  /** The host of a report, and what it was called before where that was otherwise and is nobody's name now. */
  take(report: HostReport): { readonly host: string; readonly before: string | undefined } {
    const host = this.nameOf(report.host, report.ips);
    return { host, before: this.called.call(report.host, host, report, this.isNamed(report.host)) };
  }

  /** The host of a report that is called as before; undefined where it is called otherwise now. */
  hostCalledAsBefore(report: RepeatedReport): string | undefined {
    const host = this.nameOf(report.host, report.ips);
    return this.called.is(report.host, host) ? host : undefined;
  }

  /** Notes a report of a host that is called as before. */
  heard(report: RepeatedReport, host: string): void {
    this.called.call(report.host, host, report, this.isNamed(report.host));
  }
}
