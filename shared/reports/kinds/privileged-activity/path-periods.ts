/** When a principal held a role through one path, from facts that may have gaps: where they leave it open, it counts as held. */
import { inOrder, repeats, type Evidence, type Fact } from './fact.ts';

/**
 * A border that is known has `at`. Otherwise, the role was gained or lost at some time after `after` and before `before`;
 * one that is absent is unknown: nothing earlier, or later, says anything.
 */
export type Border =
  { readonly at: Evidence } | { readonly after: Evidence | undefined; readonly before: Evidence | undefined };

export interface PathPeriod {
  /** Half-open; absent: unlimited. */
  readonly from: Date | undefined;
  readonly to: Date | undefined;
  readonly begins: Border;
  readonly ends: Border;
}

/** Records have whole seconds: what was done in the second of a loss may have been done before it, as the loss itself was. */
export const secondMs = 1000;

type Open = Pick<PathPeriod, 'from' | 'begins'>;

interface Walk {
  readonly open: Open | undefined;
  readonly previous: Fact | undefined;
  readonly done: readonly PathPeriod[];
}

/**
 * The periods in which the role was held, oldest first, none of which overlap. Two facts that contradict each other, such as a
 * snapshot with the principal and a later one without and no record between them, leave a border open; what is between them
 * counts as held. What was gained and lost without a trace is unknown.
 */
export function periodsOfPath(facts: readonly Fact[]): readonly PathPeriod[] {
  let walk: Walk = { open: undefined, previous: undefined, done: [] };
  for (const fact of inOrder(facts)) walk = { ...steps[fact.kind](walk, fact) };
  const { open, done, previous } = walk;
  if (open === undefined) return done;
  return [...done, { ...open, to: undefined, ends: { after: previous?.evidence, before: undefined } }];
}

type Step = (walk: Walk, fact: Fact) => Walk;

const steps: Readonly<Record<Fact['kind'], Step>> = {
  seen: (walk, fact) => ({ ...openedBefore(walk, fact), previous: fact }),
  gained: (walk, fact) => ({ ...openedAt(walk, fact), previous: fact }),
  absent: (walk, fact) => {
    const ends = { after: walk.previous?.evidence, before: fact.evidence };
    return closed(walk, fact, { to: fact.evidence.at, ends });
  },
  lost: (walk, fact) => {
    if (walk.open === undefined && (fact.ofGroup === true || repeats(walk.previous, fact))) return walk;
    const to = new Date(fact.evidence.at.getTime() + secondMs);
    return closed(openedBefore(walk, fact), fact, { to, ends: { at: fact.evidence } });
  },
};

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
  if (last?.to === undefined || from === undefined || last.to <= from)
    return { ...walk, open: { from, begins } };
  return { ...walk, open: { from: last.from, begins: last.begins }, done: walk.done.slice(0, -1) };
}

function closed({ open, done }: Walk, fact: Fact, end: Pick<PathPeriod, 'to' | 'ends'>): Walk {
  return {
    open: undefined,
    previous: fact,
    done: open === undefined ? done : [...done, { ...open, ...end }],
  };
}
