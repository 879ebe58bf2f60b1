/** When a principal held a role, whichever way: its paths together. */
import { certainSpansOf, type CertainSpan } from './certain-spans.ts';
import { direct, type Evidence, type Fact, type Path } from './fact.ts';
import { periodsOfPath, type Border, type PathPeriod } from './path-periods.ts';

/** A stretch within a period for which no path has evidence that the role was held throughout: it may have been lost and gained again. */
export interface Doubt {
  readonly after: Evidence;
  readonly before: Evidence;
}

export interface Period extends PathPeriod {
  /** When it was certainly held. */
  readonly certain: readonly CertainSpan[];
  readonly doubts: readonly Doubt[];
  /** The paths that are known. */
  readonly paths: readonly Path[];
}

/** The periods in which the role was held through any path, oldest first, none of which overlap. */
export function periodsOf(facts: readonly Fact[]): readonly Period[] {
  const paths = [...new Set(facts.flatMap(({ kind, path }) => (kind === 'absent' ? [] : path)))];
  const own = paths.map((path) => ({ path, facts: factsOfPath(facts, path) }));
  const certain = own.flatMap((one) => certainSpansOf(one.facts)).toSorted(byTime);
  const all = own.flatMap((one) =>
    periodsOfPath(one.facts).map((period): United => ({ ...period, paths: [one.path] })),
  );
  return united(all).map((period) => {
    const spans = certain.filter(
      ({ first, last }) =>
        first.at.getTime() < earliest(period.to) && last.at.getTime() >= latest(period.from),
    );
    return { ...period, certain: spans, doubts: doubtsOf(period, spans) };
  });
}

/** A snapshot that has the principal through other paths alone says that it does not hold the role through this one. */
function factsOfPath(facts: readonly Fact[], path: Path): readonly Fact[] {
  const own = facts.filter((fact) => fact.kind === 'absent' || fact.path === path);
  const times = new Set(
    own.flatMap(({ kind, evidence }) => (kind === 'seen' ? [evidence.at.getTime()] : [])),
  );
  const elsewhere = facts.filter(
    ({ kind, evidence }) => kind === 'seen' && !times.has(evidence.at.getTime()),
  );
  return [...own, ...elsewhere.map(({ evidence }): Fact => ({ kind: 'absent', path: direct, evidence }))];
}

type United = PathPeriod & Pick<Period, 'paths'>;

function united(all: readonly United[]): readonly United[] {
  const done: United[] = [];
  for (const one of all.toSorted(byBeginning)) {
    const last = done.at(-1);
    if (last !== undefined && overlaps(last, one)) done.splice(-1, 1, unitedWith(last, one));
    else done.push(one);
  }
  return done;
}

/** @param other begins later, or at the same time */
function unitedWith(one: United, other: United): United {
  const { to, ends } = compareEnds(one, other) < 0 ? other : one;
  return {
    ...one,
    to,
    ends,
    paths: [...one.paths, ...other.paths.filter((path) => !one.paths.includes(path))],
  };
}

function overlaps(one: PathPeriod, other: PathPeriod): boolean {
  const [from, to] = [latest(one.from, other.from), earliest(one.to, other.to)];
  return from < to;
}

function compared(one: number, other: number): number {
  return one === other ? 0 : one - other;
}

function latest(...moments: readonly (Date | undefined)[]): number {
  return Math.max(...moments.map((one) => one?.getTime() ?? -Infinity));
}

function earliest(...moments: readonly (Date | undefined)[]): number {
  return Math.min(...moments.map((one) => one?.getTime() ?? Infinity));
}

/** Of two beginnings that are unknown, the one that is known to be held earlier comes first; of two ends, the one that is known longer last. */
function byBeginning(one: United, other: United): number {
  return (
    compared(latest(one.from), latest(other.from)) ||
    momentOf(one.begins, 'before') - momentOf(other.begins, 'before')
  );
}

function compareEnds(one: United, other: United): number {
  return (
    compared(earliest(one.to), earliest(other.to)) ||
    momentOf(one.ends, 'after') - momentOf(other.ends, 'after')
  );
}

function momentOf(border: Border, side: 'after' | 'before'): number {
  return ('at' in border ? border.at : border[side])?.at.getTime() ?? 0;
}

function byTime(one: CertainSpan, other: CertainSpan): number {
  return one.first.at.getTime() - other.first.at.getTime();
}

/** What is not certain between the first and the last evidence of the period. */
function doubtsOf({ begins, ends }: United, certain: readonly CertainSpan[]): readonly Doubt[] {
  let after = 'at' in begins ? begins.at : begins.before;
  const last = 'at' in ends ? ends.at : ends.after;
  if (after === undefined || last === undefined) return [];
  const doubts: Doubt[] = [];
  const upToLast = certain.filter(({ first }) => first.at <= last.at);
  for (const span of [...upToLast, { first: last, last }]) {
    if (span.first !== after && span.first.at >= after.at) doubts.push({ after, before: span.first });
    if (span.last.at >= after.at) after = span.last;
  }
  return doubts;
}

/** Whether the moment is in the period. */
export function isIn({ from, to }: Pick<Period, 'from' | 'to'>, moment: Date): boolean {
  return (from === undefined || from <= moment) && (to === undefined || moment < to);
}
