/** What the hosts of monitoring sources are called in the picture: by the user's aliases, else as the source calls them. */

const NOBODY: readonly string[] = [];

/** Names by the setting `user_node_aliases`, alias to host name. */
export class HostNames {
  private readonly aliases: ReadonlyMap<string, string>;
  private readonly aliasesOf = new Map<string, string[]>();

  constructor(aliases: ReadonlyMap<string, string>) {
    this.aliases = aliases;
    for (const [alias, name] of aliases) {
      this.aliasesOf.set(name, [...(this.aliasesOf.get(name) ?? []), alias]);
    }
  }

  /** The name of the host that a source calls `told`. */
  readonly of = (told: string): string => this.aliases.get(told) ?? told;

  /** All names by which sources may tell of the host `name`. */
  toldAs(name: string): readonly string[] {
    const aliases = this.aliasesOf.get(name) ?? NOBODY;
    return this.aliases.has(name) ? aliases : [name, ...aliases];
  }
}
