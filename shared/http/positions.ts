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
