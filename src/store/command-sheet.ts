/** Gathers the commands of one translation by step. */
import { addMembers, type Command, deleteKey, type KeyType, removeMembers } from "./commands.ts";
import { type IndexKind, ownKeys } from "./keys.ts";

/** Commands being gathered, with index members collected per index. */
export class CommandSheet {
  readonly writing: Command[] = [];
  readonly deleting: Command[] = [];
  readonly refused = new Map<string, string>();
  private readonly joining = new Map<string, Set<string>>();
  private readonly leaving = new Map<string, Set<string>>();

  /** Runs the translation of one thing; what its name or size forbids is noted and left out. */
  entry(name: string, translate: () => void): void {
    try {
      translate();
    } catch (error) {
      this.refused.set(name, error instanceof Error ? error.message : String(error));
    }
  }

  join(index: string, member: string): void {
    gather(this.joining, index, member);
  }

  leave(index: string, member: string): void {
    gather(this.leaving, index, member);
  }

  /** A whole key of an indexed kind: written, or deleted where there are no commands. */
  indexed(kind: IndexKind, member: string, key: string, type: KeyType, commands: readonly Command[] | null): void {
    if (commands === null) {
      this.deleting.push(deleteKey(key, type));
      this.leave(ownKeys.index(kind), member);
    } else {
      this.join(ownKeys.index(kind), member);
      this.writing.push(...commands);
    }
  }

  indexing(): Command[] {
    return [...this.joining].flatMap(([index, members]) => addMembers(index, [...members]));
  }

  unindexing(): Command[] {
    return [...this.leaving].flatMap(([index, members]) => removeMembers(index, [...members]));
  }
}

function gather(groups: Map<string, Set<string>>, group: string, member: string): void {
  const members = groups.get(group);
  if (members === undefined) {
    groups.set(group, new Set([member]));
  } else {
    members.add(member);
  }
}
