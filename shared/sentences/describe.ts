/**
 * What a record means, in plain words.
 *
 * Sentences say what the record says and nothing more: names as in the record, no guesses about intentions. How much an
 * act matters follows from what was done, such as where a rule forwards email to; it does not judge the person.
 */
import type { Act, Change, Severity } from './act.ts';
import { actsOf, type ActName } from './acts.ts';
import { changesIn } from './changes.ts';
import { factsOf, type DescribedRecord, type Facts } from './facts.ts';
import { other } from './other.ts';
import { outcome, severityOf } from './outcome.ts';
import { asSentence, type Phrase } from './parts.ts';

export type { Change, Severity } from './act.ts';
export type { ActName } from './acts.ts';
export type { DescribedRecord } from './facts.ts';
export { textOf, type Phrase } from './parts.ts';

export interface Description {
  /** Stable name of the kind of act; `other` for records that have no sentence of their own. */
  readonly act: ActName | 'other';
  readonly severity: Severity;
  /** One sentence; `textOf` makes it a text. Values in it are safe to show. */
  readonly sentence: Phrase;
  /** At most 20. */
  readonly changes: readonly Change[];
}

/**
 * Never throws, whatever `auditData` is; without it, the sentence is made of the record's members. The size of the
 * result is bounded, and the time grows with the size of the record.
 */
export function describe(record: DescribedRecord, auditData: unknown): Description {
  const facts = factsOf(record, auditData);
  const { name, act } = actOf(facts);
  return {
    act: name,
    severity: severityOf(act, facts),
    sentence: asSentence([...act.sentence(facts), ...outcome(act, facts)]),
    changes: (act.changes ?? changesIn)(facts),
  };
}

interface NamedAct {
  readonly name: ActName | 'other';
  readonly act: Act;
}

function actOf(facts: Facts): NamedAct {
  const candidates = actsOf(facts.record.operation ?? '');
  return candidates.find(({ act }) => act.when?.(facts) ?? true) ?? { name: 'other', act: other };
}
