/** What the table of ingestion says about a tenant, and which tenants it shows. */
import type { AnswerTo } from '../api/paths.ts';
import type { Tone } from '../parts/tone.ts';
import { slowSeconds } from '../tenants/tenant-row.ts';

export type IngestionRow = AnswerTo<'ListIngestion'>['value'][number];

interface Status {
  readonly tone: Tone;
  readonly text: string;
}

/** The first thing that explains what is missing. */
export function statusOf(row: IngestionRow): Status {
  const { state, lastError, disabledContentTypes, lagSeconds, throttled } = row;
  const all: readonly (readonly [boolean, Status])[] = [
    [state === 'Removing', { tone: 'busy', text: 'Being removed' }],
    [state === 'PendingConsent', { tone: 'neutral', text: 'No consent yet' }],
    [lastError !== undefined, { tone: 'bad', text: 'Polls fail' }],
    [disabledContentTypes.length > 0, { tone: 'bad', text: 'Not delivered' }],
    [lagSeconds === undefined, { tone: 'neutral', text: 'Not known yet' }],
    [throttled, { tone: 'warning', text: 'Throttled' }],
    [(lagSeconds ?? 0) > slowSeconds, { tone: 'warning', text: 'Behind' }],
  ];
  return all.find(([applies]) => applies)?.[1] ?? { tone: 'good', text: 'Up to date' };
}

/** Which rows are shown. */
export const shows = ['all', 'failing', 'undelivered', 'behind', 'gaps', 'rejected'] as const;
export type Show = (typeof shows)[number];

const shown: Readonly<Record<Show, (row: IngestionRow) => boolean>> = {
  all: () => true,
  failing: ({ lastError }) => lastError !== undefined,
  undelivered: ({ disabledContentTypes }) => disabledContentTypes.length > 0,
  behind: ({ lagSeconds = 0 }) => lagSeconds > slowSeconds,
  gaps: ({ gaps }) => gaps > 0,
  rejected: ({ rejected }) => rejected > 0,
};

/** @param text part of a name or an ID */
export function filtered(rows: readonly IngestionRow[], text: string, show: Show): readonly IngestionRow[] {
  const wanted = text.trim().toLowerCase();
  return rows
    .filter(shown[show])
    .filter(({ displayName, tenantId }) =>
      [displayName, tenantId].some((member) => member.toLowerCase().includes(wanted)),
    );
}

export const sortings = ['worst', 'name', 'lag', 'pending', 'gaps', 'rejected'] as const;
export type SortBy = (typeof sortings)[number];

const compare: Readonly<Record<SortBy, (a: IngestionRow, b: IngestionRow) => number>> = {
  // The order of the API.
  worst: () => 0,
  name: (a, b) => a.displayName.localeCompare(b.displayName),
  lag: (a, b) => (a.lagSeconds ?? -1) - (b.lagSeconds ?? -1),
  pending: (a, b) => a.pending - b.pending,
  gaps: (a, b) => a.gaps - b.gaps,
  rejected: (a, b) => a.rejected - b.rejected,
};

/** Those that are equal stay in the order of the API, the worst first. */
export function sorted(
  rows: readonly IngestionRow[],
  by: SortBy,
  isDescending: boolean,
): readonly IngestionRow[] {
  const sign = isDescending ? -1 : 1;
  return rows.toSorted((a, b) => sign * compare[by](a, b));
}
