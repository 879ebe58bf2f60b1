/** When a principal held a role, from facts that may have gaps: where they leave it open, it counts as held. */
import { direct, inOrder, type Evidence, type Fact, type Path } from './fact.ts';

/**
 * A border that is known has `at`. Otherwise, the role was gained or lost at some time after `after` and before `before`;
 * one that is absent is unknown: nothing earlier, or later, says anything.
 */
export type Border =
  { readonly at: Evidence } | { readonly after: Evidence | undefined; readonly before: Evidence | undefined };

/** A stretch within a period in which the role was lost and gained again, at unknown times. */
export interface Doubt {
  readonly after: Evidence;
  readonly before: Evidence;
}

export interface Period {
  /** Half-open; absent: unlimited. */
  readonly from: Date | undefined;
  readonly to: Date | undefined;
  readonly begins: Border;
  readonly ends: Border;
  readonly doubts: readonly Doubt[];
  /** The paths that are known. */
  readonly paths: readonly Path[];
}

/** Records have whole seconds: what was done in the second of a loss may have been done before it, as the loss itself was. */
export const secondMs = 1000;
/** Privileged Identity Management repeats what the directory records, some seconds later. */
const repeatedWithinMs = 5 * 60_000;

interface Open {
  readonly from: Date | undefined;
  readonly begins: Border;
  readonly doubts: readonly Doubt[];
  readonly paths: ReadonlySet<Path>;
}

interface Walk {
  readonly held: ReadonlySet<Path>;
  readonly open: Open | undefined;
  readonly previous: Fact | undefined;
  readonly done: readonly Period[];
}

/**
 * The periods in which the role was held, oldest first, none of which overlap. Two facts that contradict each other, such as a
 * snapshot with the principal and a later one without and no record between them, leave a border open; what is between them
 * counts as held. What was gained and lost without a trace is unknown.
 */
export function periodsOf(facts: readonly Fact[]): readonly Period[] {
  let walk: Walk = { held: new Set(), open: undefined, previous: undefined, done: [] };
  for (const fact of inOrder(facts)) walk = { ...steps[fact.kind](walk, fact) };
  const { open, done, previous } = walk;
  if (open === undefined) return done;
  const ends = { after: previous?.evidence, before: undefined };
  return [...done, periodOf(open, undefined, ends)];
}

type Step = (walk: Walk, fact: Fact) => Walk;

const steps: Readonly<Record<Fact['kind'], Step>> = {
  seen: (walk, fact) => holds(openedBefore(walk, fact), fact),
  gained: (walk, fact) => holds(openedAt(walk, fact), fact),
  absent: (walk, fact) => {
    const { open, previous } = walk;
    if (open === undefined) return { ...walk, previous: fact };
    const ends = { after: previous?.evidence, before: fact.evidence };
    return closed(walk, fact, { to: fact.evidence.at, ends });
  },
  lost: (walk, fact) => {
    if (fact.ofGroup === true && !walk.held.has(fact.path)) return walk;
    if (repeats(walk, fact)) return walk;
    const begun = walk.open === undefined ? openedBefore(walk, fact) : walk;
    const held = new Set([...begun.held].filter((path) => path !== fact.path));
    if (held.size > 0) return { ...begun, held, previous: fact };
    const to = new Date(fact.evidence.at.getTime() + secondMs);
    return closed(begun, fact, { to, ends: { at: fact.evidence } });
  },
};

/** Whether the loss is one that was just recorded, in other words. */
function repeats({ open, previous }: Walk, { kind, path, evidence }: Fact): boolean {
  if (open !== undefined || previous?.kind !== kind || previous.path !== path) return false;
  return evidence.at.getTime() - previous.evidence.at.getTime() <= repeatedWithinMs;
}

function holds(walk: Walk, fact: Fact): Walk {
  const { open } = walk;
  const paths = new Set([...(open?.paths ?? []), fact.path]);
  return {
    ...walk,
    held: new Set([...walk.held, fact.path]),
    open: open && { ...open, paths },
    previous: fact,
  };
}

/** The role is held at the fact, and was gained at some time before it. */
function openedBefore(walk: Walk, { evidence }: Fact): Walk {
  const { open, previous } = walk;
  if (open !== undefined) return walk;
  const begins = { after: previous?.evidence, before: evidence };
  return opened(walk, previous?.evidence.at, begins);
}

function openedAt(walk: Walk, { evidence }: Fact): Walk {
  return walk.open === undefined ? opened(walk, evidence.at, { at: evidence }) : walk;
}

/** Continues the last period if it ends later: the same second may have a loss and a gain. */
function opened(walk: Walk, from: Date | undefined, begins: Border): Walk {
  const last = walk.done.at(-1);
  if (last?.to === undefined || from === undefined || last.to <= from) {
    return { ...walk, open: { from, begins, doubts: [], paths: new Set() } };
  }
  const open = {
    from: last.from,
    begins: last.begins,
    doubts: [...last.doubts, ...doubtOf(last.ends, begins)],
    paths: new Set(last.paths),
  };
  return { ...walk, open, done: walk.done.slice(0, -1) };
}

/** Of a role that was lost and gained again: from the one to the other. */
function doubtOf(lost: Border, gained: Border): readonly Doubt[] {
  const after = 'at' in lost ? lost.at : lost.before;
  const before = 'at' in gained ? gained.at : gained.before;
  return after === undefined || before === undefined ? [] : [{ after, before }];
}

function closed(walk: Walk, fact: Fact, { to, ends }: Pick<Period, 'ends'> & { readonly to: Date }): Walk {
  const { open, done } = walk;
  const closing = open === undefined ? [] : [periodOf(open, to, ends)];
  return { held: new Set(), open: undefined, previous: fact, done: [...done, ...closing] };
}

function periodOf({ from, begins, doubts, paths }: Open, to: Date | undefined, ends: Border): Period {
  return { from, to, begins, ends, doubts, paths: paths.size === 0 ? [direct] : [...paths] };
}

/** Whether the moment is in the period. */
export function isIn({ from, to }: Pick<Period, 'from' | 'to'>, moment: Date): boolean {
  return (from === undefined || from <= moment) && (to === undefined || moment < to);
}
