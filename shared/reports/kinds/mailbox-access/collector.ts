/** Reads what happened in mailboxes, then what was sent in their names, then who was let into them. */
import * as z from 'zod';
import { isObject, type JsonObject } from '../../../json.ts';
import type { FoundRecord } from '../../../query/found-record.ts';
import { keepFirst, keptSchema, nothingKept } from '../../kept-first.ts';
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
import { byTime, createTally, emptyTally, tallySchema } from './tally.ts';

export const stateSchema = z.strictObject({
  /** Index of the present scan. */
  scan: z.int(),
  tally: tallySchema,
  /** Permissions that someone had who acted in the mailbox. */
  granted: keptSchema(grantedSchema),
  /** Permissions of others. */
  grantedUnused: z.int(),
});
export type MailboxAccessState = z.output<typeof stateSchema>;

const begin: MailboxAccessState = { scan: 0, tally: emptyTally, granted: nothingKept, grantedUnused: 0 };

export function openMailboxAccess(
  inputs: MailboxAccessInputs,
  state: MailboxAccessState = begin,
): Collector<MailboxAccessState> {
  const { options, limits } = inputs;
  const identities = createIdentities(inputs.mailboxes);
  const wanted = options.mailbox === undefined ? undefined : identities.keyOf(options.mailbox);
  const isWanted = (key: string | undefined) => wanted === undefined || key === wanted;
  const tally = createTally({ limits, includeServices: options.includeServices }, state.tally);
  const granted = keepFirst<Granted>(state.granted, limits.rows, byTime);
  let { scan, grantedUnused } = state;

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
    const mailbox = grant.mailbox.map(identities.keyOf).find((key) => tally.hasMailbox(key));
    const isUsed =
      mailbox !== undefined &&
      (grant.isForAll || grant.grantees.some((name) => tally.hasPair(identities.keyOf(name), mailbox)));
    if (isUsed) granted.add(grantedIn(record, fields, grant));
    else if (grant.mailbox.map(identities.keyOf).some(isWanted)) grantedUnused += 1;
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
    state: () => ({ scan, tally: tally.tallied(), granted: granted.all(), grantedUnused }),
    sections: () =>
      sectionsOf({
        inputs,
        tallied: tally.tallied(),
        granted: granted.all(),
        grantedUnused,
      }),
  };
}
