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

export interface ActedIn {
  readonly acted: Acted;
  /** Indexes of the holdings in which it was done. */
  readonly holdings: readonly number[];
}

/** Undefined if no holder did it while holding a role. Once, even if several holders have the name: as what one of them certainly did, if that is known of one. */
export function actedIn(
  record: FoundRecord,
  auditData: unknown,
  { names, heldAt, batch }: Reading,
): ActedIn | undefined {
  const { createdDateTime, summary } = record;
  const held = names.principalsOf(namesOf(summary, 'userId'), batch).flatMap(({ key }) => {
    const found = heldAt(key, createdDateTime);
    return found === undefined ? [] : [{ key, ...found }];
  });
  const holder = held.find(({ isCertain }) => isCertain) ?? held[0];
  if (holder === undefined) return undefined;
  const { key, isCertain, holdings } = holder;
  return { acted: { ...describedAct(record, auditData), key, isCertain }, holdings };
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
