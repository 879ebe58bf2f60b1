/** What a record says that a holder did. */
import type { FoundRecord } from '../../../query/found-record.ts';
import { namesOf } from '../../../records/member-kinds.ts';
import { describe, textOf } from '../../../sentences/describe.ts';
import { cutText } from '../../cut-text.ts';
import { shownChanges } from '../../shown-acts.ts';
import type { HoldersOfRange } from './history-so-far.ts';
import type { Acted } from './tally.ts';

export interface Reading extends HoldersOfRange {
  /** Number of the batch of names whose records are read. */
  readonly batch: number;
}

/** None if no holder did it while holding a role. Once, even if several holders have the name: as what one of them certainly did, if that is known of one. */
export function actedIn(
  record: FoundRecord,
  auditData: unknown,
  { names, heldAt, batch }: Reading,
): readonly Acted[] {
  const { createdDateTime, summary } = record;
  const held = names.principalsOf(namesOf(summary, 'userId'), batch).flatMap(({ key }) => {
    const certainty = heldAt(key, createdDateTime);
    return certainty === undefined ? [] : [{ key, isCertain: certainty === 'certainly' }];
  });
  const holder = held.find(({ isCertain }) => isCertain) ?? held[0];
  return holder === undefined ? [] : [{ ...describedAct(record, auditData), ...holder }];
}

function describedAct(
  { id, createdDateTime, summary }: FoundRecord,
  auditData: unknown,
): Omit<Acted, 'key' | 'isCertain'> {
  const { act, severity, sentence, changes } = describe(summary, auditData);
  return {
    recordId: id,
    at: createdDateTime.getTime(),
    severity,
    operation: cutText(summary.operation ?? ''),
    act,
    sentence: cutText(textOf(sentence)),
    changes: cutText(shownChanges(changes)),
    address: summary.clientIp === undefined ? null : cutText(summary.clientIp),
  };
}
