/** Tokens that carry a query on to its next page: opaque, signed, bound to what was asked of whom. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';
import { RequestError } from '../errors.ts';
import type { Place, Places } from './reading/place.ts';
import type { QueryPosition } from './record-page.ts';

const moment = z.number().transform((ms) => new Date(ms));
const past = z.tuple([z.string(), z.string()]);
const searching = z.tuple([z.string(), z.string(), z.string()]);

const schema = z.object({
  v: z.literal(2),
  /** Hash of tenants and question. */
  q: z.string(),
  /** Expiry, epoch seconds. */
  x: z.number(),
  /** Snapshot and what was complete then, epoch milliseconds. */
  m: moment.optional(),
  c: moment.optional(),
  /** Time of the last record counted. */
  t: moment.optional(),
  /** Places: name and position, or name, month and storage's own token. */
  p: z.array(z.union([searching, past])).optional(),
  /** Slice: lower edge, width, order key of the last record. */
  s: z.object({ l: z.number(), w: z.number(), b: z.string().optional() }).optional(),
});

const lifetimeMs = 24 * 60 * 60_000;
/** What parameters may hold, unpacked. */
const maxContentBytes = 1024 * 1024;

export interface SkipTokens {
  /**
   * @param tenants the ids of all tenants that are read, always in the same order
   * @param question everything that must be the same on the next page
   */
  seal(position: QueryPosition, tenants: string, question: object): string;
  /** @throws RequestError 400 InvalidSkipToken when altered, expired, or of other tenants or another question */
  open(token: string, tenants: string, question: object): QueryPosition;
}

/** @param key at least 32 random bytes */
export function createSkipTokens(key: Buffer, now: () => Date): SkipTokens {
  const sign = (payload: string) => createHmac('sha256', key).update(`skiptoken\n${payload}`).digest();
  return {
    seal(position, tenants, question) {
      const expiry = Math.floor((now().getTime() + lifetimeMs) / 1000);
      const content = { v: 2, q: fingerprint(tenants, question), x: expiry, ...packed(position) };
      // Storage's tokens are long, and there may be many of them.
      const payload = deflateRawSync(JSON.stringify(content)).toString('base64url');
      return `${payload}.${sign(payload).toString('base64url')}`;
    },
    open(token, tenants, question) {
      const [payload = '', ...signature] = token.split('.');
      // As texts: decoding would forgive characters added to a signature.
      const presented = Buffer.from(signature.join('.'));
      const expected = Buffer.from(sign(payload).toString('base64url'));
      if (presented.length !== expected.length || !timingSafeEqual(presented, expected)) throw invalid();
      const content = schema.safeParse(JSON.parse(contentOf(payload))).data;
      // Signed by us, yet of an earlier version.
      if (content === undefined) throw invalid();
      if (content.q !== fingerprint(tenants, question) || content.x * 1000 < now().getTime()) throw invalid();
      return unpacked(content);
    },
  };
}

function contentOf(payload: string): string {
  const bytes = Buffer.from(payload, 'base64url');
  return inflateRawSync(bytes, { maxOutputLength: maxContentBytes }).toString('utf8');
}

function packed({ snapshot, completeThrough, countedTo, places, slice }: QueryPosition): object {
  return {
    m: snapshot?.getTime(),
    c: completeThrough?.getTime(),
    t: countedTo?.getTime(),
    ...(places === undefined ? {} : { p: Object.entries(places).map(packedPlace) }),
    ...(slice === undefined ? {} : { s: { l: slice.lower, w: slice.width, b: slice.before } }),
  };
}

function packedPlace([name, place]: [string, Place]): readonly string[] {
  return 'past' in place ? [name, place.past] : [name, place.month, place.token];
}

function unpacked({ m, c, t, p, s }: z.output<typeof schema>): QueryPosition {
  return {
    snapshot: m,
    completeThrough: c,
    countedTo: t,
    places: p === undefined ? undefined : unpackedPlaces(p),
    slice: s === undefined ? undefined : { lower: s.l, width: s.w, before: s.b },
  };
}

function unpackedPlaces(entries: readonly (readonly [string, string, string?])[]): Places {
  return Object.fromEntries(
    entries.map(([name, where, token]) => [
      name,
      token === undefined ? { past: where } : { month: where, token },
    ]),
  );
}

function fingerprint(tenants: string, question: object): string {
  const present = Object.entries(question).filter(([, value]) => value !== undefined);
  const canonical = JSON.stringify([tenants, ...present.sort(([a], [b]) => (a < b ? -1 : 1))]);
  return createHash('sha256').update(canonical).digest('base64url').slice(0, 22);
}

function invalid(): RequestError {
  const message =
    'This skiptoken is not valid for this query, or for the tenants that it is about by now. ' +
    'Follow nextLink as it is, or begin without a skiptoken.';
  return new RequestError(400, 'InvalidSkipToken', message, { target: 'skiptoken' });
}
