/** How long addresses may be, and how links to next pages stay short enough to be followed. */
import { RequestError } from '../errors.ts';

/**
 * Of path and query together. The Functions host answers a request line of more than 8,192 bytes with 414 and no body;
 * gateways in front of it may add a little.
 */
export const maxAddressLength = 8000;

/** By how much the link to the next page may be longer than the address that asked. */
export const maxContinuation = 400;

/**
 * Refuses a question whose next page would have too long an address.
 * @param url as requested
 * @param parameter whose value continues it
 * @throws RequestError 414
 */
export function checkLeavesRoom(url: string, parameter: string): void {
  checkLength(lengthOf(withoutParameter(url, parameter)) + maxContinuation);
}

/** Refuses to hand out an address that the host would not accept. @throws RequestError 414 */
export function checkFits(url: string): void {
  checkLength(lengthOf(url));
}

function lengthOf(url: string): number {
  const { pathname, search } = new URL(url);
  return pathname.length + search.length;
}

/** @param length of the address with what continues it */
function checkLength(length: number): void {
  if (length <= maxAddressLength) return;
  const message =
    `The address, with what continues it, has ${length} characters; the limit is ${maxAddressLength}. ` +
    'Save the filters with PUT …/searches/{name} and read …/searches/{name}/records, or send them to POST …/exports.';
  throw new RequestError(414, 'AddressTooLong', message);
}

/** The address with a parameter set. All others remain as they are spelled: encoding them again may lengthen them. */
export function withParameter(url: string, name: string, value: string): string {
  const bare = withoutParameter(url, name);
  return `${bare}${bare.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`;
}

/** The address without a parameter, spelled as it was. */
export function withoutParameter(url: string, name: string): string {
  const [address = '', query = ''] = url.split(/\?(.*)/s);
  const rest = query.split('&').filter((pair) => pair !== '' && nameOf(pair) !== name);
  return rest.length === 0 ? address : `${address}?${rest.join('&')}`;
}

function nameOf(pair: string): string | undefined {
  return [...new URLSearchParams(pair).keys()][0];
}
