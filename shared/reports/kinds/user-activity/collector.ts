/** Counts the records of the person without their texts, then reads those that are worth a sentence. */
import * as z from 'zod';
import type { RecordFilters } from '../../../query/filters.ts';
import { pastOf } from '../../past.ts';
import type { Collector, Scan } from '../../report-kind.ts';
import type { ReportInputs } from '../../report-inputs.ts';
import { isEveryday } from './activities.ts';
import type { UserActivityOptions } from './options.ts';
import { sectionsOf } from './sections.ts';
import { createTally, emptyTally, maxOperations, tallySchema, type Tallied } from './tally.ts';
import { createTeller, nothingTold, toldsSchema } from './told.ts';

export const stateSchema = z.strictObject({
  scan: z.enum(['counts', 'texts', 'done']),
  tally: tallySchema,
  told: toldsSchema,
});
export type UserActivityState = z.output<typeof stateSchema>;

type Inputs = ReportInputs<UserActivityOptions, never>;

export function openUserActivity(
  inputs: Inputs,
  state: UserActivityState = { scan: 'counts', tally: emptyTally, told: nothingTold },
): Collector<UserActivityState> {
  let { scan } = state;
  const tally = createTally(inputs, state.tally);
  const teller = createTeller(inputs.limits, state.told);
  return {
    next: () => scanOf(scan, inputs, tally.operations()),
    add(record, auditData) {
      if (scan === 'counts') tally.add(record);
      else if (!isEveryday(record.summary.operation ?? '')) teller.add(record, auditData);
    },
    endScan() {
      scan = scan === 'counts' && tally.operations().length > 0 ? 'texts' : 'done';
    },
    state: () => ({ scan, tally: tally.tallied(), told: teller.told() }),
    sections: () => sectionsOf({ ...inputs, tallied: tally.tallied(), told: teller.told() }),
  };
}

/** One scan for the range and its past; texts only of what is listed record by record. */
function scanOf(
  scan: UserActivityState['scan'],
  { range, options: { user, services } }: Inputs,
  operations: Tallied['operations'],
): Scan | undefined {
  const filters: RecordFilters = { ...range, actor: [user], service: services };
  if (scan === 'counts') return { filters: { ...filters, from: pastOf(range).from }, withTexts: false };
  if (scan === 'done') return undefined;
  return { filters: { ...filters, ...only(operations) }, withTexts: true };
}

/** Records without an operation pass no filter on it. */
function only(operations: Tallied['operations']): Pick<RecordFilters, 'operations'> {
  return operations.length > maxOperations || operations.includes('') ? {} : { operations };
}
