/** Programs that end with the process that started them, however that ends. */

/** Starts what follows unless the parent is another one than is named: it died before this child was bound to it. */
const UNLESS_ORPHANED = '[ "$PPID" = "$0" ] && exec "$@"';

/**
 * The words before a program's own: it gets SIGTERM when its parent, the process `parent`, dies (prctl(2), PR_SET_PDEATHSIG), and
 * is not started at all where that happened before it could ask for the signal. As an orphan it would keep its lock for ever.
 */
export function boundTo(parent: number): string[] {
  return ["setpriv", "--pdeathsig", "TERM", "sh", "-c", UNLESS_ORPHANED, `${parent}`];
}
