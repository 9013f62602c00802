/** What a process of DOTM does; any number of them may do the same, but one engine leads at a time. */

/** The roles, in the order of the way of the data. */
export const ROLES = ["engine", "collector", "worker", "web"] as const;

/** `engine` computes the map and writes it; `collector` takes reports; `worker` takes tasks; `web` serves pages. */
export type Role = (typeof ROLES)[number];
