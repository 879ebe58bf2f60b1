/** Any number of realistic audit records, for benchmarks. */

import { createRandom, type Random } from './random.ts';
import { shapesOf, type RecordShape, type ShapeContext } from './synthetic-shapes.ts';
import type { FeedContentType, SimulatedRecord } from './tenant.ts';

export interface SyntheticOptions {
  readonly tenantId: string;
  /** Domain of the users. @default northwind.example */
  readonly domain?: string | undefined;
  readonly count: number;
  /** The same seed generates the same records. */
  readonly seed: number;
  /** No event is later than this. */
  readonly now: Date;
  /** @default a mix of all four kinds of Audit content */
  readonly contentType?: FeedContentType | undefined;
}

const minuteMs = 60 * 1000;
const dayMs = 24 * 60 * minuteMs;
const eventDays = 30;
const availabilityDays = 6;
const mixedTypes: readonly FeedContentType[] = [
  'Audit.Exchange',
  'Audit.Exchange',
  'Audit.Exchange',
  'Audit.SharePoint',
  'Audit.SharePoint',
  'Audit.SharePoint',
  'Audit.SharePoint',
  'Audit.AzureActiveDirectory',
  'Audit.AzureActiveDirectory',
  'Audit.General',
];

/**
 * Yields records of about 890 bytes: 200 users, events in the 30 days before `now`, available evenly over the last 6
 * days and never before they happened. IDs are unique for one seed.
 */
export function* generateRecords(options: SyntheticOptions): Generator<SimulatedRecord> {
  const random = createRandom(options.seed);
  const { tenantId, domain = 'northwind.example' } = options;
  for (let index = 0; index < options.count; index += 1) {
    const contentType = options.contentType ?? random.pick(mixedTypes);
    const availableAt = availabilityOf(index, options);
    const context: ShapeContext = {
      random,
      tenantId,
      domain,
      happenedAt: happenedBefore(availableAt, options, random),
    };
    const shape: RecordShape = random.pick(shapesOf(contentType));
    yield { contentType, availableAt, text: JSON.stringify(shape(context)) };
  }
}

const availabilityOf = (index: number, { count, now }: SyntheticOptions): Date =>
  new Date(now.getTime() - Math.floor(availabilityDays * dayMs * (1 - (index + 1) / count)));

const happenedBefore = (availableAt: Date, { now }: SyntheticOptions, random: Random): Date => {
  const earliest = now.getTime() - eventDays * dayMs;
  const latest = availableAt.getTime() - 2 * minuteMs;
  return new Date(earliest + Math.floor(random.next() * (latest - earliest)));
};
