/** Checks links as anyone else can who has them. */
import { chainBeginning, linkHash, type ChainLink } from './chain.ts';

/** The first link that does not follow: it is missing, names another one before it, or was changed. */
export interface ChainFault {
  readonly number: number;
  readonly fault: 'missing' | 'disconnected' | 'altered';
}

/**
 * Undefined if these links have the numbers from `first` to `last`, each names the hash of the one before it, and each hash
 * covers its link.
 */
export function faultOfChain(
  tenantId: string,
  links: readonly ChainLink[],
  { first, last }: { readonly first: number; readonly last: number },
): ChainFault | undefined {
  let previous = first === 1 ? chainBeginning : links[0]?.previous;
  for (let number = first; number <= last; number++) {
    const link = links[number - first];
    if (link?.number !== number) return { number, fault: 'missing' };
    if (link.previous !== previous) return { number, fault: 'disconnected' };
    if (linkHash(tenantId, link) !== link.hash) return { number, fault: 'altered' };
    previous = link.hash;
  }
  return undefined;
}
