/** Tokens that continue a query on its next page: opaque, signed, bound to the query and its tenants. */
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';
import { createSigner } from '../access/signer.ts';
import type { SigningKeys } from '../access/signing-keys.ts';
import { RequestError } from '../errors.ts';
import type { Cursor, Cursors } from './reading/cursor.ts';
import type { QueryPosition } from './record-page.ts';

const moment = z.number().transform((ms) => new Date(ms));
/** Name and position, or name, month and continuation token. */
export const cursorSchema = z.union([
  z.tuple([z.string(), z.string(), z.string()]),
  z.tuple([z.string(), z.string()]),
]);

const schema = z.object({
  v: z.literal(2),
  /** Hash of tenants and query. */
  q: z.string(),
  /** Expiry, epoch seconds. */
  x: z.number(),
  /** Snapshot and completeness at that moment, epoch milliseconds. */
  m: moment.optional(),
  c: moment.optional(),
  /** End of a range up to what was complete, epoch milliseconds. */
  e: moment.optional(),
  /** Time of the last record counted, epoch milliseconds. */
  t: moment.optional(),
  /** Cursors. */
  p: z.array(cursorSchema).optional(),
  /** Slice: lower edge, width, order key of the last record. */
  s: z.object({ l: z.number(), w: z.number(), b: z.string().optional() }).optional(),
});

export const skipTokenLifetimeMs = 24 * 60 * 60_000;
/** What the longest parameter may unpack to. */
const maxContentBytes = 1024 * 1024;

export interface SkipTokens<Position = QueryPosition> {
  /**
   * @param tenants the ids of all tenants read, always in the same order
   * @param query everything that must be the same on the next page
   */
  seal(position: Position, tenants: string, query: object): string;
  /** @throws RequestError 400 InvalidSkipToken when altered, expired, or of other tenants or another query */
  open(token: string, tenants: string, query: object): Position;
}

/** Continuation tokens are long, and there may be many. */
const deflated = {
  pack: (json: Buffer) => deflateRawSync(json),
  unpack: (packed: Buffer) => inflateRawSync(packed, { maxOutputLength: maxContentBytes }),
};

export function createSkipTokens(keys: SigningKeys, now: () => Date): SkipTokens {
  const signer = createSigner(keys, 'skiptoken', schema, deflated);
  return {
    seal(position, tenants, query) {
      const q = fingerprint(tenants, query);
      return signer.sign({ v: 2, q, x: skipTokenExpiry(now()), ...packed(position) });
    },
    open(token, tenants, query) {
      // What an earlier version signed does not fit the schema.
      const content = signer.open(token);
      if (content?.q !== fingerprint(tenants, query) || isExpired(content.x, now())) throw invalidSkipToken();
      return unpacked(content);
    },
  };
}

/** Epoch seconds. */
export function skipTokenExpiry(now: Date): number {
  return Math.floor((now.getTime() + skipTokenLifetimeMs) / 1000);
}

/** @param expiry as {@link skipTokenExpiry} */
export function isExpired(expiry: number, now: Date): boolean {
  return expiry * 1000 < now.getTime();
}

function packed({ snapshot, completeThrough, completeTo, countedTo, cursors, slice }: QueryPosition) {
  return {
    m: snapshot?.getTime(),
    c: completeThrough?.getTime(),
    e: completeTo?.getTime(),
    t: countedTo?.getTime(),
    p: cursors && packedCursors(cursors),
    s: slice && { l: slice.lower, w: slice.width, b: slice.before },
  };
}

export function packedCursors(cursors: Cursors): z.input<typeof cursorSchema>[] {
  return Object.entries(cursors).map(packedCursor);
}

function packedCursor([name, cursor]: [string, Cursor]): z.input<typeof cursorSchema> {
  return 'past' in cursor ? [name, cursor.past] : [name, cursor.month, cursor.token];
}

function unpacked({ m, c, e, t, p, s }: z.output<typeof schema>): QueryPosition {
  return {
    snapshot: m,
    completeThrough: c,
    completeTo: e,
    countedTo: t,
    cursors: p && unpackedCursors(p),
    slice: s && { lower: s.l, width: s.w, before: s.b },
  };
}

export function unpackedCursors(entries: readonly (readonly [string, string, string?])[]): Cursors {
  return Object.fromEntries(
    entries.map(([name, where, token]) => [
      name,
      token === undefined ? { past: where } : { month: where, token },
    ]),
  );
}

/** Of everything that a token is bound to. */
export function fingerprint(tenants: string, query: object): string {
  const present = Object.entries(query).filter(([, value]) => value !== undefined);
  const canonical = JSON.stringify([tenants, ...present.sort(([a], [b]) => (a < b ? -1 : 1))]);
  return createHash('sha256').update(canonical).digest('base64url').slice(0, 22);
}

/** The refusal of a token, the same for every reason. */
export function invalidSkipToken(): RequestError {
  const message =
    'This skiptoken is expired, or does not belong to this query or to its tenants. ' +
    'Follow nextLink unchanged, or start again without a skiptoken.';
  return new RequestError(400, 'InvalidSkipToken', message, { target: 'skiptoken' });
}
