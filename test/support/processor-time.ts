/** How long work takes, whatever else the machine does meanwhile. */

/** Milliseconds of processor time that `work` takes in this process. */
export function processorTime(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
