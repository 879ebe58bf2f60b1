/** How reports show what a record means. */
import type { Change, Description } from '../sentences/describe.ts';
import type { Severity } from './document.ts';

export const shownSeverities: Readonly<Record<Description['severity'], Severity>> = {
  high: 'critical',
  notable: 'warning',
  routine: 'notice',
};

const maxChanges = 5;

/** The first ones in one line: `what: from → to`. */
export function shownChanges(changes: readonly Change[]): string {
  return changes.slice(0, maxChanges).map(shown).join('; ');
}

function shown({ what, from, to }: Change): string {
  if (from === undefined) return `${what}: ${to ?? ''}`;
  return to === undefined ? `${what}: removed ${from}` : `${what}: ${from} → ${to}`;
}
