/** Addresses to listen on that other machines cannot reach. */

/** Whether `ADDRESS:PORT` is one of this machine only. */
export function isLoopback(listen: string): boolean {
  return /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\]|\[::ffff:127(?:\.\d{1,3}){3}\]):\d+$/i.test(listen);
}
