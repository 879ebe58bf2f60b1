/** docs/cost.md with its generated parts as the calculator gives them now. */
import { readFileSync } from 'node:fs';
import { billOf } from '../../../scripts/cost/bill.ts';
import { parseInputs } from '../../../scripts/cost/inputs.ts';
import { assumed } from '../../../scripts/cost/measured.ts';
import { prices } from '../../../scripts/cost/prices.ts';
import { toTable } from '../../../scripts/cost/report.ts';

export const pagePath = new URL('../../../docs/cost.md', import.meta.url);

export function regenerated(): string {
  const page = readFileSync(pagePath, 'utf8');
  const withExamples = page.replaceAll(
    /^(```text\n\$ npm run cost -- ([^\n]*)\n).*?^```$/gms,
    (_, command: string, args: string) => `${command}${exampleOf(args.split(' '))}\n\`\`\``,
  );
  return [
    ['prices', priceTable()],
    ['assumed', assumedTable()],
  ].reduce((text, [name = '', table = '']) => between(text, name, table), withExamples);
}

function between(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end ${name} -->`];
  const [before = '', rest = ''] = page.split(begin);
  return `${before}${begin}\n\n${text}\n\n${end}${rest.split(end)[1] ?? ''}`;
}

function exampleOf(args: readonly string[]): string {
  const { inputs } = parseInputs(args);
  return toTable(inputs, billOf(inputs));
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
