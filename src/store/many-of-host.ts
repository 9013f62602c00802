/** Kinds of keys of which a host has many, and the index of each host that tells which. */
import type { IndexType } from "./commands.ts";
import { type IndexKind, keys, ownKeys } from "./keys.ts";

/** One such kind. */
export interface ManyOfHost {
  readonly kind: IndexKind;
  readonly indexOf: (node: string) => string;
  readonly type: IndexType;
  /** The key that a member of the index stands for. @throws DotmError DOTM_STORE_FAILED where it can stand for none */
  readonly keyOf: (node: string, member: string) => string;
}

/** Members are ports: whole numbers, which a set of Redis keeps in two bytes each. */
export const SERVICES: ManyOfHost = {
  kind: "services",
  indexOf: ownKeys.servicesOf,
  type: "set",
  keyOf: keys.service,
};

/** Members are `<port>::<remote>`. */
export const CONNECTIONS: ManyOfHost = {
  kind: "connections",
  indexOf: ownKeys.connectionsOf,
  type: "hash",
  keyOf: (node, member) => {
    const [port = "", remote = ""] = member.split("::");
    return keys.connection(node, port, remote);
  },
};
