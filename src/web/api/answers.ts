/** The frame of answers: one thing, or one page of a list. */

/** A document of a kind. */
export function documentWith<const Kind extends string, Members extends object>(kind: Kind, members: Members) {
  return { apiVersion: "dotm/v1" as const, kind, ...members };
}

/** A page of a list. */
export function listed<const Kind extends string, Item>(
  kind: Kind,
  revision: string,
  page: { readonly items: readonly Item[]; readonly next: string | null },
) {
  return { apiVersion: "dotm/v1" as const, kind, revision, items: page.items, next: page.next };
}
