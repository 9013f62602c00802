/** A process that is killed again and again, and started again as its supervisor would. */
import { setTimeout as delay } from "node:timers/promises";

/** What can be done to it. */
export interface Victim {
  readonly name: string;
  /** `kill -9`, then what its supervisor does; resolves when it serves again. */
  kill(): Promise<void>;
  /** Sends SIGSTOP or SIGCONT. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void | Promise<void>;
}

/** What a supervised process is to a victim. */
interface Supervised {
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<unknown>;
}

/** One that we start ourselves. */
export class RestartedVictim<P extends Supervised> implements Victim {
  readonly name: string;
  process: P;
  readonly #start: () => Promise<P>;
  readonly #pause: () => number;

  private constructor(name: string, process: P, start: () => Promise<P>, pause: () => number) {
    this.name = name;
    this.process = process;
    this.#start = start;
    this.#pause = pause;
  }

  /** Starts it. `pause`: milliseconds between its end and its next start. */
  static async start<P extends Supervised>(
    name: string,
    start: () => Promise<P>,
    pause: () => number,
  ): Promise<RestartedVictim<P>> {
    return new RestartedVictim(name, await start(), start, pause);
  }

  async kill(): Promise<void> {
    this.process.kill("SIGKILL");
    await this.process.ended;
    await delay(this.#pause());
    this.process = await this.#start();
  }

  signal(signal: "SIGSTOP" | "SIGCONT"): void {
    this.process.kill(signal);
  }
}

/** A process that somebody else starts again, known by its number; one that is stopped cannot be asked for that. */
export function foreignVictim(name: string, pid: () => Promise<number>): Victim {
  let stopped: number | undefined;
  const signal = async (signal: "SIGSTOP" | "SIGCONT") => {
    const known = stopped ?? (await pid());
    stopped = signal === "SIGSTOP" ? known : undefined;
    process.kill(known, signal);
  };
  return { name, kill: async () => void process.kill(await pid(), "SIGKILL"), signal };
}
