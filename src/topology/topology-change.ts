/** What one settling of the topology changed. */

/** What `settle` found changed. */
export interface TopologyChange {
  /** Hosts still to be derived: nothing above tells of them yet. */
  readonly pending: ReadonlySet<string>;
  /** Hosts that reported. */
  readonly reported: ReadonlySet<string>;
  /** Hosts whose services, processes or dependencies, at either end, may differ. */
  readonly relinked: ReadonlySet<string>;
  /** Hosts whose dependencies may have other counts or times. */
  readonly recounted: ReadonlySet<string>;
  /** Hosts that listen on other ports, or with other programs, than before. */
  readonly reopened: ReadonlySet<string>;
  /** Hosts that are remembered since now. */
  readonly newcomers: ReadonlySet<string>;
  /** Hosts of which a client is known by its own agent since now. */
  readonly metClients: ReadonlySet<string>;
}
