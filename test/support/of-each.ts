/** What there is of each host, asked host by host: for readers that are values. */
export async function ofEach<T>(
  hosts: readonly string[],
  ask: (host: string) => Promise<T | undefined>,
): Promise<Map<string, T>> {
  const found = await Promise.all(hosts.map(async (host) => [host, await ask(host)] as const));
  return new Map(found.flatMap(([host, value]) => (value === undefined ? [] : [[host, value]])));
}
