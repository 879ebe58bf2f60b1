/** Who did what in whose mailbox, and from where. */
import { compareTexts } from '../../../compare-texts.ts';
import type { Cell, Section } from '../../document.ts';
import { groupBy } from '../../../group-by.ts';
import { actKindNames } from './act-kinds.ts';
import type { Collected } from './collected.ts';
import { parseWay, type Pair, type Tallied } from './tally.ts';
import { accessTable, waysTable } from './tables.ts';

interface Way {
  readonly pair: string;
  readonly address: string;
  readonly client: string;
  readonly records: number;
  readonly first: number;
  readonly last: number;
}

export function accessSection(collected: Collected): Section {
  const { tallied } = collected;
  const pairs = new Map(tallied.pairs.entries);
  const ways = waysIn(tallied);
  const byPair = groupBy(ways, ({ pair }) => pair);
  return {
    name: 'access',
    title: 'Mailboxes used by others than their owners',
    paragraphs: paragraphsOf(collected),
    tables: [
      {
        ...accessTable,
        rows: [...pairs].toSorted(byRecords).map((one) => rowOf(one, byPair.get(one[0]) ?? [])),
        omitted: 0,
      },
      { ...waysTable, rows: ways.toSorted(byWayRecords).map((way) => rowOfWay(way, pairs)), omitted: 0 },
    ],
    charts: [],
  };
}

function waysIn({ ways }: Tallied): readonly Way[] {
  return ways.entries.map(([key, counted]) => {
    const [pair = '', address = '', client = ''] = parseWay(key);
    return { pair, address, client, ...counted };
  });
}

type NamedPair = readonly [key: string, pair: Pair];

/** Most records first; of equally many, by name. */
function byRecords([key, one]: NamedPair, [otherKey, other]: NamedPair): number {
  return (
    other.records - one.records ||
    compareTexts(one.actorName, other.actorName) ||
    compareTexts(one.mailboxName, other.mailboxName) ||
    compareTexts(key, otherKey)
  );
}

function byWayRecords(one: Way, other: Way): number {
  const keys = [one, other].map(({ pair, address, client }) => JSON.stringify([pair, address, client]));
  return other.records - one.records || compareTexts(keys[0] ?? '', keys[1] ?? '');
}

function rowOf([, pair]: NamedPair, ways: readonly Way[]): readonly Cell[] {
  const own = ways.filter((way) => way.address !== '');
  const newest = own.toSorted((a, b) => b.last - a.last || compareTexts(a.address, b.address))[0];
  return [
    pair.actorName,
    pair.mailboxName,
    pair.logons.join(', '),
    pair.isExternal ? 'yes' : 'no',
    pair.records,
    ...actKindNames.map((name) => pair.counts[name] ?? 0),
    ...spanOf(pair),
    new Set(own.map(({ address }) => address)).size,
    newest?.address ?? null,
  ];
}

function rowOfWay(way: Way, pairs: ReadonlyMap<string, Pair>): readonly Cell[] {
  const pair = pairs.get(way.pair);
  const shown = (text: string) => (text === '' ? null : text);
  return [
    pair?.actorName ?? null,
    pair?.mailboxName ?? null,
    shown(way.address),
    shown(way.client),
    way.records,
    ...spanOf(way),
  ];
}

function spanOf({ first, last }: Pick<Way, 'first' | 'last'>): readonly Cell[] {
  return [new Date(first).toISOString(), new Date(last).toISOString()];
}

function paragraphsOf({ inputs, tallied }: Collected): readonly string[] {
  const { others, services, own, pairs, ways } = tallied;
  const { includeServices, mailbox } = inputs.options;
  const where = mailbox === undefined ? 'in mailboxes of others' : `in the mailbox ${mailbox}`;
  const said = (count: number, text: string) => (count === 0 ? [] : [`${text}: ${count}.`]);
  return [
    `Records of what people, applications, and services did ${where} as someone other than its owner: ${others}. Records of what owners did in their own mailboxes: ${own}.`,
    ...said(
      services,
      `Of Microsoft’s own services, which are ${includeServices ? 'listed as well' : 'not listed'}`,
    ),
    'One record of opened items can stand for many items, which are counted here. Where a folder was synchronized, everything in it may have been read.',
    ...said(pairs.uncounted, 'Further records, of people and mailboxes beyond those that can be counted'),
    ...said(ways.uncounted, 'Records whose address and client are not listed, because there are too many'),
  ];
}
