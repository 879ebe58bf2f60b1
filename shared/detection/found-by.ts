/** The finding that a firing makes or continues; pure. */
import { maxFindingRecords } from './finding.ts';
import type { Head, KnownFinding } from './group-state.ts';
import { byTime, distinctHeads, firstHeads } from './heads.ts';
import { moreSevere, type Severity } from './severity.ts';
import type { Firing } from './window/firings.ts';
import { digestOf, type WindowMatch } from './window/window-match.ts';

export interface AddedMatch {
  readonly head: Head;
  readonly entries: readonly WindowMatch[];
  /** New enough to notify of. */
  readonly isDue: boolean;
}

/** A finding that added matches belong to, or one that is withdrawn. */
export interface TouchedFinding {
  readonly known: KnownFinding;
  /** The records that it names, by time; none if it is withdrawn. */
  readonly heads: readonly Head[];
}

export interface Fired {
  readonly firing: Firing;
  /** Findings that the firing overlaps: several, if a late record joins them. */
  readonly before: readonly KnownFinding[];
  readonly heads: ReadonlyMap<string, Head>;
  readonly added: readonly AddedMatch[];
  /** Whether the record with this digest had been added before. */
  readonly isKnown: (record: string) => boolean;
  readonly newId: () => string;
}

export interface FoundBy extends TouchedFinding {
  /** IDs of findings that the first one continues. */
  readonly joined: readonly string[];
  /** Added matches belong to it, or it changed. */
  readonly isTouched: boolean;
}

export function foundBy(fired: Fired): FoundBy {
  const [first, ...others] = [...fired.before].sort((a, b) => (a.findingId < b.findingId ? -1 : 1));
  const records = new Set(fired.firing.matches.map(({ record }) => record));
  const added = fired.added.filter(({ head }) => records.has(head.record));
  const isWhole = fired.firing.isExact && fired.before.every(({ countIsExact }) => countIsExact);
  const { heads, ...content } = isWhole ? wholeContent(fired, added) : partContent(fired);
  // One that only records of earlier additions make is as due as the records that brought it about.
  const causes = fired.before.length + added.length > 0 ? [...fired.before, ...added] : fired.added;
  const isDue = causes.some((one) => one.isDue);
  const named = digestOf(heads.map(({ record }) => record).join());
  const known = { ...content, named, isDue, ...(isWhole ? {} : { heads }) };
  const isChanged = first === undefined || others.length > 0 || differs(first, known);
  const revision = (first?.revision ?? 0) + Number(isChanged);
  return {
    known: { ...known, findingId: first?.findingId ?? fired.newId(), revision },
    heads,
    joined: others.map(({ findingId }) => findingId),
    isTouched: isChanged || added.length > 0,
  };
}

export function withdrawn(finding: KnownFinding): KnownFinding {
  if (finding.isWithdrawn === true) return finding;
  return { ...finding, isWithdrawn: true, revision: finding.revision + 1 };
}

type Content = Pick<KnownFinding, 'from' | 'to' | 'count' | 'countIsExact' | 'severity'> & {
  readonly heads: readonly Head[];
};

/** All its matches are remembered. */
function wholeContent({ firing, before, heads }: Fired, added: readonly AddedMatch[]): Content {
  const own = firstHeads(firing.matches, heads);
  const others = own.length < firing.records ? [...before, ...added.map(({ head }) => head)] : [];
  return {
    from: firing.from,
    to: firing.to,
    count: firing.records,
    countIsExact: true,
    severity: highest([...own, ...others]),
    heads: own,
  };
}

/** Older matches may be forgotten: what is known of them is kept, and matches that were not known are added. */
function partContent({ firing, before, heads, added, isKnown }: Fired): Content {
  const from = Math.min(firing.from, ...before.map((finding) => finding.from));
  const to = Math.max(firing.to, ...before.map((finding) => finding.to));
  const isWithin = ({ createdDateTime }: Head) =>
    from <= createdDateTime.getTime() && createdDateTime.getTime() <= to;
  const named = distinctHeads([
    ...before.flatMap((finding) => finding.heads ?? []),
    ...[...heads.values()].filter(isWithin),
  ]);
  const unknown = added.filter(({ head }) => isWithin(head) && !isKnown(head.record));
  const counted = before.reduce((sum, { count }) => sum + count, unknown.length);
  return {
    from,
    to,
    count: Math.max(counted, firing.records),
    countIsExact: false,
    severity: highest([...before, ...unknown.map(({ head }) => head), ...named.values()]),
    heads: [...named.values()].sort(byTime).slice(0, maxFindingRecords),
  };
}

function highest(all: readonly { readonly severity: Severity }[]): Severity {
  return all.map(({ severity }) => severity).reduce(moreSevere, 'informational');
}

function differs(
  before: KnownFinding,
  { from, to, count, countIsExact, severity, named, isDue }: Omit<KnownFinding, 'findingId' | 'revision'>,
): boolean {
  return !(
    before.from === from &&
    before.to === to &&
    before.count === count &&
    before.countIsExact === countIsExact &&
    before.severity === severity &&
    before.named === named &&
    before.isDue === isDue
  );
}
