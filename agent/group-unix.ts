/** Connections over Unix sockets to rows of a report. */
import { ownerKey } from "./owner.ts";
import type { ReportUnixPeer, SocketOwner } from "./report.ts";
import type { UnixPair } from "./unix-peers.ts";

/** Rows, and how many connections had an end that nobody we may see holds. */
export interface GroupedUnix {
  readonly rows: readonly ReportUnixPeer[];
  readonly unattributed: number;
}

/** Groups pairs by path and both owners; pairs within one owner say nothing about dependencies. */
export function groupUnix(
  pairs: readonly UnixPair[],
  ownerOf: (inode: number) => SocketOwner | undefined,
): GroupedUnix {
  const rows = new Map<string, ReportUnixPeer>();
  let unattributed = 0;
  for (const pair of pairs) {
    const server = ownerOf(pair.server);
    const client = ownerOf(pair.client);
    if (server === undefined || client === undefined) {
      unattributed++;
    } else {
      addPair(rows, pair.path, server, client);
    }
  }
  return { rows: [...rows.values()], unattributed };
}

function addPair(rows: Map<string, ReportUnixPeer>, path: string, server: SocketOwner, client: SocketOwner): void {
  const serverKey = ownerKey(server);
  const clientKey = ownerKey(client);
  if (serverKey === clientKey) {
    return;
  }
  const key = [path, serverKey, clientKey].join("\0");
  rows.set(key, unixRow(path, server, client, (rows.get(key)?.count ?? 0) + 1));
}

function unixRow(path: string, server: SocketOwner, client: SocketOwner, count: number): ReportUnixPeer {
  return {
    path,
    server: server.process,
    serverUnit: server.unit,
    serverContainer: server.container,
    serverNetns: server.netns,
    client: client.process,
    clientUnit: client.unit,
    clientContainer: client.container,
    clientNetns: client.netns,
    count,
  };
}
