/** A bill as a table for people. */
import { drawTable } from '../command-line/terminal-text.ts';
import type { Bill, BillItem } from './bill.ts';
import type { CostInputs } from './inputs.ts';
import { prices } from './prices.ts';

export function toTable(inputs: CostInputs, bill: Bill): string {
  const head = ['a month', 'quantity', '$ first', `$ after ${format(inputs.retentionDays)} days`];
  const rows = [...bill.items.map(toRow), ['total', '', dollars(bill.first), dollars(bill.later)]];
  const table = drawTable(head, rows, ['left', 'right', 'right', 'right']);
  return [titleOf(inputs), table, ...notes(bill)].join('\n');
}

function titleOf({
  tenants,
  recordsPerDay,
  mailboxes,
  queriesPerDay,
  memory,
  feedWebhook,
}: CostInputs): string {
  return (
    `${format(tenants)} ${tenants === 1 ? 'tenant' : 'tenants'} of ${format(recordsPerDay)} records a day and ${format(mailboxes)} mailboxes, ` +
    `${format(queriesPerDay)} pages requested a day, instances of ${format(memory)} MB${feedWebhook ? ', with the webhook of the feed' : ''}`
  );
}

function toRow({ label, unit, quantity, laterQuantity, first, later }: BillItem): string[] {
  const quantities = quantity === laterQuantity ? [quantity] : [quantity, laterQuantity];
  const shown = quantities.map(format).join(' … ');
  return [label, unit === '' ? shown : `${shown} ${unit}`, dollars(first), dollars(later)];
}

function notes({ perMillionRecords }: Bill): readonly string[] {
  const sources = `Prices of ${prices.asOf}, order of magnitude; docs/cost.md says what is uncertain.`;
  if (perMillionRecords === undefined) return [sources];
  return [`In the later month $${dollars(perMillionRecords)} for each million records collected.`, sources];
}

/** Two digits after the point below a hundred, none above. */
function format(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 2 : 0 });
}

function dollars(value: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}
