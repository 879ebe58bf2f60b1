/** What a search does not show, said plainly. */
import { localOf, utcOf } from '../parts/moments.ts';

interface Completeness {
  /** ISO 8601; absent while unknown. */
  readonly completeThrough?: string | undefined;
  readonly isPending: boolean;
  readonly hasGaps: boolean;
}

/** Sentences; `isWarning` if something in the range may be missing for ever. */
interface Said {
  readonly sentences: readonly string[];
  readonly isWarning: boolean;
}

/** @param timeZone for tests; by default the reader's */
export function sayCompleteness(
  { completeThrough, isPending, hasGaps }: Completeness,
  timeZone?: string,
): Said {
  const through = completeThrough === undefined ? undefined : momentText(completeThrough, timeZone);
  const sentences = hasGaps ? sayGaps(through, isPending) : [sayArrival(through, isPending)];
  return { sentences, isWarning: hasGaps };
}

function sayArrival(through: string | undefined, isPending: boolean): string {
  if (through === undefined) return 'How much of this range is here is not known yet.';
  return isPending
    ? `Everything until ${through} is here; later records may still arrive.`
    : 'Everything that Microsoft published about this range is here.';
}

/** Claims nothing of the rest of the range. */
function sayGaps(through: string | undefined, isPending: boolean): readonly string[] {
  const until = through === undefined ? '' : ` Collection has come to ${through}.`;
  return [
    'Records may be missing from this range: they are permanently lost, in content that cannot be read, or from before collection began.',
    ...(isPending ? [`Later records may still arrive.${until}`] : []),
  ];
}

/** A time in both zones. */
export function momentText(iso: string, timeZone?: string): string {
  const moment = new Date(iso);
  const local = localOf(moment, timeZone);
  return local === undefined ? `${utcOf(moment)} UTC` : `${utcOf(moment)} UTC, ${local}`;
}
