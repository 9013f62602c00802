/** Keeps since when alarms are there whose data do not tell it. */
import type { Alarm } from "../model/alarm.ts";
import type { AlarmScene } from "./alarm-scene.ts";
import { hostAlarms } from "./host-alarms.ts";

/** Alarms host by host. */
export class AlarmBook {
  /** Unix seconds by host, then by kind and object. */
  private readonly begun = new Map<string, ReadonlyMap<string, number>>();

  /** Takes back what an earlier leader told of a host. */
  recall(host: string, alarms: readonly Alarm[]): void {
    this.begun.set(
      host,
      new Map(alarms.flatMap((alarm) => (alarm.since === null ? [] : [[keyOf(alarm), alarm.since]]))),
    );
  }

  /** The alarms of a host as of `now` (Unix seconds). */
  find(scene: AlarmScene, now: number): Alarm[] {
    const { host } = scene.topology;
    const before = this.begun.get(host);
    const alarms = hostAlarms(scene);
    const dateless = alarms.filter(({ since }) => since === null);
    const begun = new Map(dateless.map((alarm) => [keyOf(alarm), before?.get(keyOf(alarm)) ?? now]));
    if (begun.size > 0) {
      this.begun.set(host, begun);
    } else {
      this.begun.delete(host);
    }
    return alarms.map((alarm) => (alarm.since === null ? { ...alarm, since: begun.get(keyOf(alarm)) ?? now } : alarm));
  }
}

function keyOf({ kind, object }: Alarm): string {
  return `${kind} ${object}`;
}
