/** Hosts that people added while DOTM runs, to be asked for their report. */
import { DotmError } from "../errors.ts";
import { appendTo, type Command } from "./commands.ts";
import { isHostPart, keys, ownKeys } from "./keys.ts";
import type { RedisClient } from "./redis.ts";
import { orStoreError, refuseForeign } from "./redis-errors.ts";
import { runCommands } from "./run-commands.ts";
import { type StoreOptions, storeAddress } from "./store-place.ts";
import { untilKept } from "./until-kept.ts";
import { readHash } from "./whole-hashes.ts";

/** How such a host is asked: over SSH, by `dotm-agent serve`, by the original's agent. */
export const ADDED_TYPES = ["ssh", "agent", "original"] as const;
export type AddedType = (typeof ADDED_TYPES)[number];

/** One of them; `address` null where its name is its address. */
export interface AddedHost {
  readonly host: string;
  readonly type: AddedType;
  readonly address: string | null;
}

/** Hosts added at most. */
const MOST = 5_000;

/** No name begins with a dash: ssh would take it for an option. */
const HOST = /^(?!-)[^\s/\p{Cc}]{1,255}$/u;
const ADDRESS = /^[A-Za-z0-9_[][\w.:%[\]-]{0,254}$/;

/** The added hosts in Redis. Methods reject with DOTM_STORE_UNREACHABLE where it is away, changing ones with DOTM_USAGE. */
export class AddedHosts {
  private readonly client: RedisClient;
  private readonly options: StoreOptions;
  private readonly address: string;

  constructor(client: RedisClient, options: StoreOptions) {
    this.client = client;
    this.options = options;
    this.address = storeAddress(options);
  }

  /** All of them, by name; what is broken is left out. */
  async list(): Promise<AddedHost[]> {
    const asked = readHash(this.client, ownKeys.addedHosts, 2 * MOST, refuseForeign);
    const fields = await orStoreError(asked, this.address);
    return Object.entries(fields)
      .flatMap(([host, json]) => readHost(host, json))
      .sort((a, b) => (a.host < b.host ? -1 : 1));
  }

  /** Adds one, or changes how it is asked. */
  async add({ host, type, address }: AddedHost): Promise<void> {
    const isGood =
      isHostPart(host) && HOST.test(host) && (address === null ? ADDRESS.test(host) : ADDRESS.test(address));
    if (!isGood) {
      const what = JSON.stringify((address ?? host).slice(0, 100));
      throw new DotmError(
        "DOTM_USAGE",
        `${what} cannot be the name or address of a host.`,
        "Write it like db01 or 10.0.0.21.",
      );
    }
    const added = await this.list();
    if (added.length >= MOST && !added.some((each) => each.host === host)) {
      throw new DotmError(
        "DOTM_USAGE",
        `At most ${MOST} hosts can be added.`,
        "Let their agents push: dotm agent token HOST",
      );
    }
    await this.change(host, {
      key: ownKeys.addedHosts,
      words: ["hset", ownKeys.addedHosts, host, JSON.stringify({ type, address })],
    });
  }

  /** @throws DotmError DOTM_USAGE where nobody added it */
  async remove(host: string): Promise<void> {
    if (!(await this.list()).some((added) => added.host === host)) {
      const text = `Nobody added ${JSON.stringify(host.slice(0, 100))}: the monitoring, an agent or dotm.yaml tells of it.`;
      throw new DotmError("DOTM_USAGE", text, "Remove it there.");
    }
    await this.change(host, { key: ownKeys.addedHosts, words: ["hdel", ownKeys.addedHosts, host] });
  }

  private async change(host: string, command: Command): Promise<void> {
    const tell = appendTo(keys.observations, ["kind", "hosts", "host", host]);
    const write = async () => {
      await runCommands(this.client, [command, tell], refuseForeign);
      await untilKept(this.client, this.options);
    };
    await orStoreError(write(), this.address);
  }
}

function readHost(host: string, json: string): AddedHost[] {
  try {
    const { type, address }: { readonly type?: unknown; readonly address?: unknown } = JSON.parse(json);
    const known = ADDED_TYPES.find((each) => each === type);
    const isGood = known !== undefined && HOST.test(host) && (address === null || typeof address === "string");
    return isGood ? [{ host, type: known, address }] : [];
  } catch {
    return [];
  }
}
