/** The interface of everything that tells monitoring states. */
import type { SourceObservation } from "../model/monitoring.ts";

/** A running source: `start` begins, observations go to the sink it was made with, `stop` ends it cleanly. */
export interface Source {
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Where observations go. Never throws. */
export type ObservationSink = (observation: SourceObservation) => void;
