/** Resolves names that callers chose. */
import { Resolver, type LookupAddress } from 'node:dns';

export interface ResolverOptions {
  /** `address:port`; by default the name servers of this machine. */
  readonly servers?: readonly string[] | undefined;
  readonly timeoutMs?: number | undefined;
}

/**
 * All addresses of a name, those of IPv4 first.
 * @throws Error when it has none, or its name servers do not answer in time
 */
export type ResolveName = (name: string) => Promise<readonly LookupAddress[]>;

const defaultTimeoutMs = 5000;
/** A lost packet must not use up the time. */
const tries = 2;

/**
 * Asks name servers over the network. `dns.lookup` would occupy one of the four threads that decompression needs for as
 * long as the name server, which the caller may own, does not answer.
 * @see https://nodejs.org/api/dns.html#implementation-considerations
 */
export function createNameResolver({
  servers,
  timeoutMs = defaultTimeoutMs,
}: ResolverOptions = {}): ResolveName {
  return async (name) => {
    const resolver = new Resolver({ timeout: timeoutMs / tries, tries });
    if (servers !== undefined) resolver.setServers(servers);
    const deadline = setTimeout(() => {
      resolver.cancel();
    }, timeoutMs);
    try {
      return await addressesOf(resolver, name);
    } finally {
      clearTimeout(deadline);
    }
  };
}

async function addressesOf(resolver: Resolver, name: string): Promise<readonly LookupAddress[]> {
  const asked = await Promise.allSettled([ask(resolver, 'resolve4', name), ask(resolver, 'resolve6', name)]);
  const [ipv4 = [], ipv6 = []] = asked.map((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  const found = [...toLookup(ipv4, 4), ...toLookup(ipv6, 6)];
  if (found.length > 0) return found;
  throw asked.find((answer) => answer.status === 'rejected')?.reason ?? new Error('The name has no address.');
}

function toLookup(addresses: readonly string[], family: 4 | 6): readonly LookupAddress[] {
  return addresses.map((address) => ({ address, family }));
}

function ask(resolver: Resolver, how: 'resolve4' | 'resolve6', name: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    resolver[how](name, (error, addresses) => {
      if (error === null) resolve(addresses);
      else reject(error);
    });
  });
}
