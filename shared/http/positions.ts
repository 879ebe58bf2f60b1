/**
 * Lists that are continued after a position. The token in the address is not signed: it only holds a position in data
 * that the caller has access to anyway.
 */
import * as z from 'zod';
import { RequestError } from '../errors.ts';
import { withParameter } from './address-length.ts';
import { countParameter, once } from './parameters.ts';

const maxTop = 1000;
const defaultTop = 100;

/** The query parameters of a page. */
export const positionParameters = {
  top: countParameter(maxTop, defaultTop, {
    title: 'Page Size',
    description: 'Maximum number of entries on a page.',
  }),
  skiptoken: once(z.string().max(200, 'is longer than 200 characters'))
    .optional()
    .meta({ title: 'Skip Token', description: 'Continues with the next page; follow nextLink instead.' }),
};

/** How a list is ordered, and continued. */
interface Order<T> {
  /** Each has another one; those that come first in the list are greater. */
  readonly positionOf: (entry: T) => string;
  /** What positions look like. */
  readonly shape: RegExp;
}

interface PageRequest {
  readonly top: number;
  readonly skiptoken?: string | undefined;
  /** As requested. */
  readonly url: string;
}

/**
 * A page of a list that was read as a whole, and the address that continues it.
 * @throws RequestError 400 for an invalid skip token
 */
export function pageOf<T>(all: readonly T[], { positionOf, shape }: Order<T>, request: PageRequest) {
  const { top, skiptoken, url } = request;
  const after = positionIn(skiptoken, shape);
  const left = after === undefined ? all : all.filter((one) => positionOf(one) < after);
  const last = left.length > top ? left[top - 1] : undefined;
  const nextLink = last && continuedAfter(url, positionOf(last));
  return { page: left.slice(0, top), nextLink };
}

/** The address of the page after the position. */
export function continuedAfter(url: string, position: string): string {
  return withParameter(url, 'skiptoken', Buffer.from(position).toString('base64url'));
}

/**
 * The position that the page begins after; undefined for the first page.
 * @param shape what positions of this list look like
 * @throws RequestError 400 for anything else
 */
export function positionIn(skiptoken: string | undefined, shape: RegExp): string | undefined {
  if (skiptoken === undefined) return undefined;
  const position = Buffer.from(skiptoken, 'base64url').toString('utf8');
  if (shape.test(position)) return position;
  const message = "'skiptoken' is invalid. Use nextLink unchanged, or start without a skiptoken.";
  throw new RequestError(400, 'InvalidSkipToken', message, { target: 'skiptoken' });
}
