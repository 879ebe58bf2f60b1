/** When it is certain that a role was held: what one fact and the next one say about the same path. */
import { inOrder, repeats, type Evidence, type Fact } from './fact.ts';
import { secondMs } from './path-periods.ts';

/** From one piece of evidence that the role was held, over any number, to the last one before there may have been a gap. */
export interface CertainSpan {
  readonly first: Evidence;
  readonly last: Evidence;
}

/**
 * Of one path, oldest first. A fact that the role was gained, again or not, says nothing of the time before it. One that is not followed
 * by another is a span of its moment.
 */
export function certainSpansOf(facts: readonly Fact[]): readonly CertainSpan[] {
  const spans: CertainSpan[] = [];
  let previous: Fact | undefined;
  for (const fact of inOrder(facts)) {
    const span = spans.at(-1);
    if (span !== undefined && isHeldAfter(previous) && wasHeldBefore(fact, previous))
      spans.splice(-1, 1, { first: span.first, last: fact.evidence });
    else if (isHeldAfter(fact)) spans.push({ first: fact.evidence, last: fact.evidence });
    previous = fact;
  }
  return spans;
}

function isHeldAfter(fact: Fact | undefined): boolean {
  return fact?.kind === 'seen' || fact?.kind === 'gained';
}

function wasHeldBefore(fact: Fact, previous: Fact | undefined): boolean {
  return fact.kind === 'seen' || fact.kind === 'lost' || repeats(previous, fact);
}

/** Not the second of a gain or a loss: records have whole seconds. */
export function isWithin({ first, last }: CertainSpan, moment: Date): boolean {
  const begins = first.at.getTime() + (first.recordId === undefined ? 0 : secondMs);
  const isBefore = last.recordId === undefined ? moment <= last.at : moment < last.at;
  return isBefore && moment.getTime() >= begins;
}
