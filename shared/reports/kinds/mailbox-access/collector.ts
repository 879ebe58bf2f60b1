/** Reads what happened in mailboxes, then what was sent in their names, then who was let into them. */
import * as z from 'zod';
import { isObject, type JsonObject } from '../../../json.ts';
import type { FoundRecord } from '../../../query/found-record.ts';
import { keepFirst, keptSchema, nothingKept } from '../../kept-first.ts';
import { newestFirst } from '../../newest-first.ts';
import type { Collector } from '../../report-kind.ts';
import { readRecord } from './access.ts';
import { auditingTurnedOff } from './auditing-turned-off.ts';
import type { MailboxAccessInputs } from './collected.ts';
import { grantIn } from './grant.ts';
import { grantedIn, grantedSchema, type Granted } from './granted.ts';
import { createIdentities } from './identities.ts';
import { isSending, scanOf, scans } from './scans.ts';
import { sectionsOf } from './sections.ts';
import { sentenceOf } from './sentence.ts';
import { createTally, emptyTally, tallySchema } from './tally.ts';

export const stateSchema = z.strictObject({
  /** Index of the present scan. */
  scan: z.int(),
  tally: tallySchema,
  /** Permissions of someone who acted in the mailbox then or later. */
  granted: keptSchema(grantedSchema),
  /** Permissions that could not be matched to what someone did. */
  grantedUnmatched: z.int(),
});
export type MailboxAccessState = z.output<typeof stateSchema>;

const begin: MailboxAccessState = { scan: 0, tally: emptyTally, granted: nothingKept, grantedUnmatched: 0 };

export function openMailboxAccess(
  inputs: MailboxAccessInputs,
  state: MailboxAccessState = begin,
): Collector<MailboxAccessState> {
  const { options, limits } = inputs;
  const identities = createIdentities(inputs.mailboxes);
  const wanted = options.mailbox === undefined ? undefined : identities.keyOf(options.mailbox);
  const isWanted = (key: string | undefined) => wanted === undefined || key === wanted;
  const tally = createTally({ limits, includeServices: options.includeServices }, state.tally);
  const granted = keepFirst<Granted>(state.granted, limits.rows, newestFirst);
  let { scan, grantedUnmatched } = state;

  const addAct = (record: FoundRecord, fields: JsonObject) => {
    const isSent = isSending(record);
    // Sending in the name of a mailbox has a scan of its own: its records name other mailboxes as well.
    if (isSent !== (scans[scan] === 'sent')) return;
    const read = readRecord(record, fields, identities);
    if (isSent && !isWanted(read.mailbox?.key)) return;
    tally.add(read, record.createdDateTime.getTime(), () => sentenceOf(record, fields));
  };
  const addGrant = (record: FoundRecord, fields: JsonObject) => {
    const grant = grantIn(record, fields);
    if (grant === undefined) return;
    const mailboxes = grant.mailbox.map(identities.keyOf);
    const uses = mailboxes.flatMap((mailbox) => [
      ...grant.grantees.map((name) => tally.lastOfPair(identities.keyOf(name), mailbox)),
      ...(grant.isForAll ? [tally.lastIn(mailbox)] : []),
    ]);
    // What was done before cannot be explained by it.
    const isMatched = uses.some((last) => last !== undefined && last >= record.createdDateTime.getTime());
    if (isMatched) granted.add(grantedIn(record, fields, grant));
    else if (mailboxes.some(isWanted)) grantedUnmatched += 1;
  };
  return {
    next: () => scanOf(scan, options.mailbox),
    add(record, auditData) {
      const fields = isObject(auditData) ? auditData : {};
      if (scans[scan] !== 'permissions') addAct(record, fields);
      else {
        addGrant(record, fields);
        const turnedOff = auditingTurnedOff(record, fields);
        if (turnedOff !== undefined) tally.addNotable(turnedOff);
      }
    },
    endScan() {
      scan += 1;
    },
    state: () => ({ scan, tally: tally.tallied(), granted: granted.all(), grantedUnmatched }),
    sections: () =>
      sectionsOf({
        inputs,
        tallied: tally.tallied(),
        granted: granted.all(),
        grantedUnmatched,
      }),
  };
}
