/** What the report reads, one scan after another. */
import type { FoundRecord } from '../../../query/found-record.ts';
import type { Scan } from '../../report-kind.ts';
import { grantOperations } from './grant.ts';

/** `mailboxes`: everything that happened in mailboxes; `sent`: what was sent in the name of others; `permissions`: who was let in, and auditing that was turned off. */
export const scans = ['mailboxes', 'sent', 'permissions'] as const;

const sendOperations = ['SendAs', 'SendOnBehalf'];

/** ExchangeItem, ExchangeItemGroup, ExchangeAggregatedOperation, ExchangeItemAggregated. */
const recordType = [2, 3, 19, 50];

const switches = ['Set-AdminAuditLogConfig', 'Set-OrganizationConfig', 'Set-MailboxAuditBypassAssociation'];

/** @returns undefined after the last one @param mailbox the only one, by any name */
export function scanOf(scan: number, mailbox: string | undefined): Scan | undefined {
  const name = scans[scan];
  return name && { filters: filtersOf(name, mailbox), withTexts: true };
}

function filtersOf(name: (typeof scans)[number], mailbox: string | undefined): Scan['filters'] {
  if (name === 'permissions') return { operations: [...grantOperations, ...switches] };
  if (name === 'sent') return { recordType, operations: sendOperations };
  return { recordType, ...(mailbox !== undefined && { mailbox: [mailbox] }) };
}

export function isSending({ summary }: FoundRecord): boolean {
  const operation = summary.operation?.trim().toLowerCase();
  return sendOperations.some((one) => one.toLowerCase() === operation);
}
