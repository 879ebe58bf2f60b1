/** What is known at moments about one principal and one role. */
import { compareTexts } from '../../../compare-texts.ts';

/** What a fact is taken from: a snapshot of the role's holders, or an audit record. */
export interface Evidence {
  readonly at: Date;
  /** ID of the record; absent for a snapshot. */
  readonly recordId?: string | undefined;
}

/** How a principal holds a role: itself, or as a member of a group, which is named by its key. */
export type Path = string;
export const direct: Path = '';

/** `seen` and `absent`: a snapshot has the principal, or has not. `gained` and `lost`: a record of a change. */
export interface Fact {
  readonly kind: 'seen' | 'absent' | 'gained' | 'lost';
  readonly path: Path;
  readonly evidence: Evidence;
  /** A loss of the whole group: whether the principal was a member then is not said. */
  readonly ofGroup?: boolean;
}

/**
 * Oldest first. Records have whole seconds: of one second, a loss comes first, so that who lost and gained the role in it holds
 * it afterwards, and a snapshot comes last.
 */
export function inOrder(facts: readonly Fact[]): readonly Fact[] {
  return facts.toSorted(
    (a, b) =>
      a.evidence.at.getTime() - b.evidence.at.getTime() ||
      ranks[a.kind] - ranks[b.kind] ||
      compareTexts(a.evidence.recordId ?? '', b.evidence.recordId ?? '') ||
      compareTexts(a.path, b.path),
  );
}

const ranks: Readonly<Record<Fact['kind'], number>> = { lost: 0, gained: 1, seen: 2, absent: 2 };

/** Privileged Identity Management repeats what the directory records, some seconds later. */
const repeatedWithinMs = 5 * 60_000;

/** Whether the gain or loss is one that was just recorded, in other words. */
export function repeats(previous: Fact | undefined, { kind, path, evidence }: Fact): boolean {
  if (kind === 'seen' || kind === 'absent' || previous?.kind !== kind || previous.path !== path) return false;
  return evidence.at.getTime() - previous.evidence.at.getTime() <= repeatedWithinMs;
}
