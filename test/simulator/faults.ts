/** Faults that tests configure: which calls they affect, how often, and how. */

import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { operationSchema, type Call } from './calls.ts';
import { createRandom, type Random } from './random.ts';

const effectSchema = z.discriminatedUnion('kind', [
  /** 403 with AF429; on Graph and sign-in 429; on Exchange 429 in plain text. */
  z.strictObject({ kind: z.literal('throttled') }),
  /** 429 with a Retry-After header. */
  z.strictObject({ kind: z.literal('too-many-requests'), retryAfterSeconds: z.int().nonnegative() }),
  /** Any status and code in the error envelope of the called API. */
  z.strictObject({
    kind: z.literal('error'),
    status: z.int().min(400).max(599),
    code: z.string(),
    message: z.string().optional(),
  }),
  /** 500 with AF50000. */
  z.strictObject({ kind: z.literal('internal-error') }),
  z.strictObject({ kind: z.literal('connection-reset') }),
  /** No response for `holdMs`, then a reset connection; the request is not executed. */
  z.strictObject({ kind: z.literal('no-answer'), holdMs: z.number().nonnegative() }),
  /** The correct body, spread over `durationMs`. */
  z.strictObject({ kind: z.literal('slow-body'), durationMs: z.number().positive() }),
  /** Half the body; then the connection breaks, or with `cleanEnd` the reply ends as if complete. */
  z.strictObject({ kind: z.literal('truncated-body'), cleanEnd: z.boolean().default(false) }),
  /** A page of HTML instead of the reply: 200 as from a captive portal, 502 as from a proxy. */
  z.strictObject({ kind: z.literal('html'), status: z.int().min(200).max(599) }),
  /** A content blob that was listed but no longer exists. */
  z.strictObject({ kind: z.literal('content-gone'), code: z.enum(['AF20050', 'AF20051']) }),
  /** 401 as for an expired token. */
  z.strictObject({ kind: z.literal('token-expired') }),
  /** The sign-in service's error with this AADSTS number. */
  z.strictObject({ kind: z.literal('sign-in-error'), aadsts: z.int().positive() }),
]);

/** A fault without `times` and `probability` affects every matching call until it is removed. */
export const faultSchema = z.strictObject({
  match: z
    .strictObject({
      operation: operationSchema.optional(),
      tenantId: z.string().optional(),
      contentType: z.string().optional(),
      contentId: z.string().optional(),
      isNextPage: z.boolean().optional(),
      cmdlet: z.string().optional(),
      identity: z.string().optional(),
    })
    .default({}),
  /** Affects at most this many calls. */
  times: z.int().positive().optional(),
  /** Affects a matching call with this probability. */
  probability: z.number().min(0).max(1).optional(),
  /** Makes a fault with a probability repeatable. @default 1 */
  seed: z.int().default(1),
  effect: effectSchema,
});

export type FaultEffect = z.output<typeof effectSchema>;
type Fault = z.input<typeof faultSchema>;

interface ActiveFault extends z.output<typeof faultSchema> {
  readonly id: string;
  /** Calls affected so far. */
  readonly hits: number;
}

export interface Faults {
  /** Returns the ID of the new fault. @throws ZodError for an invalid fault */
  add(fault: Fault): string;
  remove(id: string): void;
  /** It affects no further call, and is still listed with its hits. Unknown ones are ignored. */
  disarm(id: string): void;
  clear(): void;
  /** All faults, including those that are used up. */
  list(): readonly ActiveFault[];
  /** The effect of the first fault that affects this call, those of one content blob before all others; or undefined. */
  take(call: Call): FaultEffect | undefined;
}

interface Entry {
  readonly fault: z.output<typeof faultSchema>;
  readonly random: Random;
  readonly hits: number;
  readonly isDisarmed?: true;
}

export const createFaults = (): Faults => {
  const entries = new Map<string, Entry>();

  const add = (fault: Fault): string => {
    const parsed = faultSchema.parse(fault);
    const id = randomUUID();
    entries.set(id, { fault: parsed, random: createRandom(parsed.seed), hits: 0 });
    return id;
  };

  const take = (call: Call): FaultEffect | undefined => {
    const isOfBlob = ([, { fault }]: [string, Entry]) => fault.match.contentId !== undefined;
    const all = [...entries];
    for (const [id, entry] of [...all.filter(isOfBlob), ...all.filter((one) => !isOfBlob(one))]) {
      if (!hits(entry, call)) continue;
      entries.set(id, { ...entry, hits: entry.hits + 1 });
      return entry.fault.effect;
    }
    return undefined;
  };

  return {
    add,
    remove: (id) => void entries.delete(id),
    disarm: (id) => {
      const entry = entries.get(id);
      if (entry !== undefined) entries.set(id, { ...entry, isDisarmed: true });
    },
    clear: () => {
      entries.clear();
    },
    list: () => [...entries].map(([id, entry]) => ({ ...entry.fault, id, hits: entry.hits })),
    take,
  };
};

const hits = ({ fault, random, hits: soFar, isDisarmed }: Entry, call: Call): boolean =>
  isDisarmed !== true &&
  (fault.times === undefined || soFar < fault.times) &&
  matches(fault.match, call) &&
  (fault.probability === undefined || random.chance(fault.probability));

const matched = [
  ...(['operation', 'tenantId', 'contentType', 'contentId'] as const),
  ...(['isNextPage', 'cmdlet', 'identity'] as const),
];

const matches = (match: z.output<typeof faultSchema>['match'], call: Call): boolean =>
  matched.every((name) => (match[name] ?? call[name]) === call[name]);
