/** docs/cost.md with its generated parts as the calculator prints them now. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { assumed } from '../../../scripts/cost/measured.ts';
import { prices } from '../../../scripts/cost/prices.ts';
import { runAuditkeep } from '../../support/auditkeep.ts';

export const pagePath = new URL('../../../docs/cost.md', import.meta.url);

export async function regenerated(): Promise<string> {
  const page = readFileSync(pagePath, 'utf8');
  const withTables = [
    ['prices', priceTable()],
    ['assumed', assumedTable()],
  ].reduce((text, [name = '', table = '']) => between(text, name, table), page);
  const webhook = await webhookTable(withTables);
  return await withExamples(between(withTables, 'webhook', webhook));
}

const example = /^(```text\n\$ npm run cost -- ([^\n]*)\n).*?^```$/gms;

async function withExamples(page: string): Promise<string> {
  const outputs = new Map<string, string>();
  for (const [, , args = ''] of page.matchAll(example)) {
    outputs.set(args, (await runAuditkeep(['cost', ...args.split(' ')])).output);
  }
  return page.replaceAll(
    example,
    (_, command: string, args: string) => `${command}${outputs.get(args) ?? ''}\`\`\``,
  );
}

const totals = z.object({ first: z.number(), later: z.number() });

async function laterOf(args: readonly string[]): Promise<string> {
  const { output } = await runAuditkeep(['cost', ...args, '--json']);
  return totals.parse(JSON.parse(output)).later.toFixed(2);
}

/** Each example without and with the webhook of the feed. */
async function webhookTable(page: string): Promise<string> {
  const lines = [...page.matchAll(example)].map(async ([, , options = '']) => {
    const args = options.split(' ');
    const [without, withIt] = [await laterOf(args), await laterOf([...args, '--feed-webhook'])];
    return `| \`${options}\` | ${without} | ${withIt} |`;
  });
  return [
    '| options | $ in the later month | with the webhook |',
    '| --- | --- | --- |',
    ...(await Promise.all(lines)),
  ].join('\n');
}

function between(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end ${name} -->`];
  const [before = '', rest = ''] = page.split(begin);
  return `${before}${begin}\n\n${text}\n\n${end}${rest.split(end)[1] ?? ''}`;
}

const sources = { storage: 'order of magnitude; not compared' } as const;

function priceTable(): string {
  const { asOf, perTenThousand, perGigabyteMonth, compute, free, fromMemory } = prices;
  const line = (what: string, price: number, source: string) => `| ${what} | ${price} | ${source} |`;
  const lines = [
    ...Object.entries(perTenThousand).map(([name, price]) =>
      line(`10,000 ${spaced(name)}`, price, sources.storage),
    ),
    ...Object.entries(perGigabyteMonth).map(([name, price]) =>
      line(`GB of ${name} storage a month`, price, sources.storage),
    ),
    line('GB-s of execution', compute.perGigabyteSecond, 'a third-party page of 2025'),
    line('a million executions', compute.perMillionExecutions, 'from memory'),
    ...Object.entries(fromMemory).map(([name, price]) => line(spaced(name), price, 'from memory')),
  ];
  const grants = Object.entries(free).map(
    ([name, amount]) => `${amount.toLocaleString('en-US')} ${spaced(name)}`,
  );
  return [
    `| ${asOf} | $ | source |`,
    '| --- | --- | --- |',
    ...lines,
    '',
    `Free in a month (from memory): ${grants.join(', ')}.`,
  ].join('\n');
}

function assumedTable(): string {
  const lines = Object.entries(assumed).map(
    ([name, value]) => `| ${spaced(name)} | ${value.toLocaleString('en-US')} |`,
  );
  return ['| assumed | |', '| --- | --- |', ...lines].join('\n');
}

/** `perLogAlert` as people read it. */
function spaced(name: string): string {
  return name.replaceAll(/[A-Z]|\d+/g, (part) => ` ${part.toLowerCase()}`);
}
