/** All that the sections are made of. */
import type { Kept } from '../../kept-first.ts';
import type { ReportInputs } from '../../report-inputs.ts';
import type { Granted } from './granted.ts';
import type { Tallied } from './tally.ts';

export interface MailboxAccessOptions {
  /** By any name; all, if absent. */
  readonly mailbox?: string | undefined;
  readonly includeServices: boolean;
}

export type MailboxAccessInputs = ReportInputs<MailboxAccessOptions, 'mailboxes' | 'postures'>;

export interface Collected {
  readonly inputs: Pick<MailboxAccessInputs, 'options' | 'postures'>;
  readonly tallied: Tallied;
  readonly granted: Kept<Granted>;
  readonly grantedUnmatched: number;
}
