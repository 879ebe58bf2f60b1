/** Tokens that continue the merge of a set of tenants: as skip tokens, with many tenants in few bytes. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';
import { createSigner } from '../../access/signer.ts';
import type { SigningKeys } from '../../access/signing-keys.ts';
import { bytesOfGuid, guidOfBytes } from '../../guid.ts';
import { nameFilters } from '../known-names.ts';
import {
  cursorSchema,
  fingerprint,
  invalidSkipToken,
  isExpired,
  packedCursors,
  skipTokenExpiry,
  unpackedCursors,
  type SkipTokens,
} from '../skip-token.ts';
import type { SetPosition, TenantPlace, TenantResume } from './set-position.ts';

const moment = z.number().transform((ms) => new Date(ms));
const bytes = z.base64().transform((text) => Buffer.from(text, 'base64'));
const sliceSchema = z.object({ l: z.number(), w: z.number(), b: z.string().optional() });

const schema = z.object({
  v: z.literal(1),
  q: z.string(),
  x: z.number(),
  m: moment.optional(),
  /** Claim for all: completeThrough, whether it is unknown, whether there are gaps. */
  c: z.tuple([moment.nullable(), z.boolean(), z.boolean()]),
  l: z.string().optional(),
  n: z.partialRecord(z.enum(nameFilters), z.array(z.string()).readonly()).optional(),
  /** Places, {@link placeBytes} each. */
  p: bytes,
  /** Of the few places whose search stopped: their number, cursors, slice. */
  s: z.array(z.tuple([z.number(), z.array(cursorSchema).nullable(), sliceSchema.nullable()])),
  /** Of the few places whose next record is known: their number, its position. */
  f: z.array(z.tuple([z.number(), z.string()])).optional(),
});

/** ID, flags, completeThrough, head. */
const placeBytes = 16 + 1 + 6 + 6;
const flags = { isOpened: 1, hasGaps: 2, hasThrough: 4, hasHead: 8 } as const;

/** Of 5,000 tenants some 200 KB, and what stopped in the middle. */
const maxContentBytes = 2 * 1024 * 1024;
const deflated = {
  pack: (json: Buffer) => deflateRawSync(json),
  unpack: (packed: Buffer) => inflateRawSync(packed, { maxOutputLength: maxContentBytes }),
};

export function createSetTokens(keys: SigningKeys, now: () => Date): SkipTokens<SetPosition> {
  const signer = createSigner(keys, 'settoken', schema, deflated);
  return {
    seal(position, tenants, query) {
      const q = fingerprint(tenants, query);
      return signer.sign({ v: 1, q, x: skipTokenExpiry(now()), ...packed(position) });
    },
    open(token, tenants, query) {
      const content = signer.open(token);
      if (content?.q !== fingerprint(tenants, query) || isExpired(content.x, now())) throw invalidSkipToken();
      return unpacked(content);
    },
  };
}

function packed({ snapshot, places, claim, last, names: known }: SetPosition) {
  return {
    m: snapshot?.getTime(),
    c: [claim.completeThrough?.getTime() ?? null, claim.isUnknown, claim.hasGaps],
    l: last,
    n: known,
    p: Buffer.concat(places.map(packedPlace)).toString('base64'),
    s: places.flatMap(({ stopped }, at) => (stopped === undefined ? [] : [packedResume(at, stopped)])),
    f: places.flatMap(({ next }, at) => (next === undefined ? [] : [[at, next] satisfies [number, string]])),
  } satisfies Omit<z.input<typeof schema>, 'v' | 'q' | 'x'>;
}

function packedPlace({ tenantId, claim, head }: TenantPlace): Buffer {
  const place = Buffer.alloc(placeBytes);
  bytesOfGuid(tenantId).copy(place);
  const { completeThrough, hasGaps = false } = claim ?? {};
  const set = [
    claim !== undefined && flags.isOpened,
    hasGaps && flags.hasGaps,
    completeThrough !== undefined && flags.hasThrough,
    head !== undefined && flags.hasHead,
  ];
  place.writeUInt8(
    set.reduce<number>((all, flag) => all + Number(flag), 0),
    16,
  );
  place.writeUIntBE(completeThrough?.getTime() ?? 0, 17, 6);
  place.writeUIntBE(head?.getTime() ?? 0, 23, 6);
  return place;
}

function packedResume(at: number, { cursors, slice }: TenantResume): z.input<typeof schema>['s'][number] {
  return [
    at,
    cursors === undefined ? null : packedCursors(cursors),
    slice === undefined ? null : { l: slice.lower, w: slice.width, b: slice.before },
  ];
}

function unpacked({ m, c, l, n, p, s, f }: z.output<typeof schema>): SetPosition {
  const [completeThrough, isUnknown, hasGaps] = c;
  const stopped = new Map(s.map(([at, cursors, slice]) => [at, unpackedResume(cursors, slice)]));
  const next = new Map(f);
  const count = Math.floor(p.length / placeBytes);
  return {
    snapshot: m,
    claim: { completeThrough: completeThrough ?? undefined, isUnknown, hasGaps },
    last: l,
    names: n,
    places: Array.from({ length: count }, (_, at) => ({
      ...unpackedPlace(p.subarray(at * placeBytes, (at + 1) * placeBytes)),
      stopped: stopped.get(at),
      next: next.get(at),
    })),
  };
}

function unpackedPlace(place: Buffer): TenantPlace {
  const has = (flag: keyof typeof flags) => (place.readUInt8(16) & flags[flag]) !== 0;
  const completeThrough = has('hasThrough') ? new Date(place.readUIntBE(17, 6)) : undefined;
  return {
    tenantId: guidOfBytes(place.subarray(0, 16)),
    claim: has('isOpened') ? { completeThrough, hasGaps: has('hasGaps') } : undefined,
    head: has('hasHead') ? new Date(place.readUIntBE(23, 6)) : undefined,
  };
}

function unpackedResume(
  cursors: readonly z.output<typeof cursorSchema>[] | null,
  slice: z.output<typeof sliceSchema> | null,
): TenantResume {
  return {
    cursors: cursors === null ? undefined : unpackedCursors(cursors),
    slice: slice === null ? undefined : { lower: slice.l, width: slice.w, before: slice.b },
  };
}
