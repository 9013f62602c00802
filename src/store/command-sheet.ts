/** Gathers the commands of one translation by step. */
import { addMembers, type Command, deleteKey, type IndexType, type KeyType, removeMembers } from "./commands.ts";
import { type IndexKind, ownKeys } from "./keys.ts";

/** Commands being gathered, with index members collected per index. */
export class CommandSheet {
  readonly writing: Command[] = [];
  readonly deleting: Command[] = [];
  readonly refused = new Map<string, string>();
  private readonly joining = new Map<string, Members>();
  private readonly leaving = new Map<string, Members>();

  /** Runs the translation of one thing; what its name or size forbids is noted and left out. */
  entry(name: string, translate: () => void): void {
    try {
      translate();
    } catch (error) {
      this.refused.set(name, error instanceof Error ? error.message : String(error));
    }
  }

  join(index: string, member: string, type: IndexType = "set"): void {
    gather(this.joining, index, member, type);
  }

  leave(index: string, member: string, type: IndexType = "set"): void {
    gather(this.leaving, index, member, type);
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
    return [...this.joining].flatMap(([index, { names, type }]) => addMembers(index, [...names], type));
  }

  unindexing(): Command[] {
    return [...this.leaving].flatMap(([index, { names, type }]) => removeMembers(index, [...names], type));
  }
}

interface Members {
  readonly names: Set<string>;
  readonly type: IndexType;
}

function gather(indexes: Map<string, Members>, index: string, member: string, type: IndexType): void {
  const members = indexes.get(index);
  if (members === undefined) {
    indexes.set(index, { names: new Set([member]), type });
  } else {
    members.names.add(member);
  }
}
