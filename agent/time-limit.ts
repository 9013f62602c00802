/** How long something may take; for all who ask others over the network, the server too. */

const parts = new WeakMap<AbortSignal, readonly AbortSignal[]>();

/**
 * A signal that ends with another one, or after so many milliseconds. `AbortSignal.any` alone forgets its parts: in Node 20
 * a timeout that nobody else holds is collected as garbage, and never comes. So both live as long as the signal made of them.
 */
export function timeLimit(signal: AbortSignal, milliseconds: number): AbortSignal {
  const timeout = AbortSignal.timeout(milliseconds);
  const limit = AbortSignal.any([signal, timeout]);
  parts.set(limit, [signal, timeout]);
  return limit;
}
