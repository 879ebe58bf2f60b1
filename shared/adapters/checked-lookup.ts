/** Resolves names for connections that must not lead into the network of the app. */
import type { LookupFunction } from 'node:net';
import type { ResolveName } from './resolve-name.ts';

/** The code of the error for a name that leads to an address that is not allowed. */
export const addressRefused = 'AddressRefused';

/**
 * Resolves a name, and fails unless all of its addresses are allowed; the result are the addresses connected to.
 * Addresses are not resolved: those in URLs are checked before.
 */
export function checkedLookup(
  resolveName: ResolveName,
  isAllowed: (address: string) => boolean,
): LookupFunction {
  return (hostname, options, callback) => {
    const resolved = resolveName(hostname).then((found) => {
      if (found.every(({ address }) => isAllowed(address))) return found;
      throw Object.assign(new Error('The name has an address that is not public.'), { code: addressRefused });
    });
    resolved.then(
      (found) => {
        const [first] = found;
        if (options.all === true) callback(null, [...found]);
        else callback(null, first?.address ?? '', first?.family);
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : new Error('The name was not resolved.'), []);
      },
    );
  };
}
