/** Tokens that carry a query on to its next page: opaque, signed, bound to tenant and filters. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { RequestError } from '../errors.ts';
import type { RecordFilters } from './filters.ts';

/** Where a query goes on. */
export interface QueryPosition {
  /** Key of the last record given, `{inverted time}_{id}`; absent when none was. */
  readonly after?: string | undefined;
  /** Streams that storage was still searching when the page had to end, by index. */
  readonly searching?: readonly SearchingStream[] | undefined;
}

export interface SearchingStream {
  readonly stream: number;
  readonly month: string;
  /** Storage's own continuation token. */
  readonly token: string;
}

const schema = z.object({
  v: z.literal(1),
  /** Hash of tenant and filters. */
  q: z.string(),
  /** Expiry, epoch seconds. */
  x: z.number(),
  a: z.string().optional(),
  s: z.array(z.tuple([z.number(), z.string(), z.string()])).optional(),
});

const lifetimeMs = 24 * 60 * 60_000;

export interface SkipTokens {
  seal(position: QueryPosition, tenantId: string, filters: RecordFilters): string;
  /** @throws RequestError 400 InvalidSkipToken when altered, expired, or of another tenant or other filters */
  open(token: string, tenantId: string, filters: RecordFilters): QueryPosition;
}

/** @param key at least 32 random bytes */
export function createSkipTokens(key: Buffer, now: () => Date): SkipTokens {
  const sign = (payload: string) => createHmac('sha256', key).update(`skiptoken\n${payload}`).digest();
  return {
    seal({ after, searching }, tenantId, filters) {
      const content: z.infer<typeof schema> = {
        v: 1,
        q: fingerprint(tenantId, filters),
        x: Math.floor((now().getTime() + lifetimeMs) / 1000),
        ...(after === undefined ? {} : { a: after }),
        ...(searching === undefined
          ? {}
          : { s: searching.map(({ stream, month, token }) => [stream, month, token]) }),
      };
      const payload = Buffer.from(JSON.stringify(content)).toString('base64url');
      return `${payload}.${sign(payload).toString('base64url')}`;
    },
    open(token, tenantId, filters) {
      const [payload = '', ...signature] = token.split('.');
      // As texts: decoding would forgive characters added to a signature.
      const presented = Buffer.from(signature.join('.'));
      const expected = Buffer.from(sign(payload).toString('base64url'));
      if (presented.length !== expected.length || !timingSafeEqual(presented, expected)) throw invalid();
      const content = schema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
      if (content.q !== fingerprint(tenantId, filters) || content.x * 1000 < now().getTime()) throw invalid();
      return {
        after: content.a,
        searching: content.s?.map(([stream, month, text]) => ({ stream, month, token: text })),
      };
    },
  };
}

function fingerprint(tenantId: string, filters: RecordFilters): string {
  const present = Object.entries(filters).filter(([, value]) => value !== undefined);
  const canonical = JSON.stringify([tenantId, ...present.sort(([a], [b]) => (a < b ? -1 : 1))]);
  return createHash('sha256').update(canonical).digest('base64url').slice(0, 22);
}

function invalid(): RequestError {
  const message =
    'This skiptoken is not valid for this query. Follow nextLink as it is, or begin without a skiptoken.';
  return new RequestError(400, 'InvalidSkipToken', message, { target: 'skiptoken' });
}
