/** A memo of limited size for pure functions of a text. */

/** Remembers answers by text; forgets all at once when full, since check names repeat in whole rounds. */
export interface Memo<T> {
  get(text: string, compute: () => T): T;
}

/** A memo of at most `size` answers. */
export function boundedMemo<T>(size: number): Memo<T> {
  const answers = new Map<string, { readonly value: T }>();
  return {
    get: (text, compute) => {
      const known = answers.get(text);
      if (known !== undefined) {
        return known.value;
      }
      if (answers.size >= size) {
        answers.clear();
      }
      const value = compute();
      answers.set(text, { value });
      return value;
    },
  };
}
