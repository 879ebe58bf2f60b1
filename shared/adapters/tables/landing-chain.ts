/**
 * The chain in table `Landings`: a row `chain_{n}` per link, and `newest_link` with the last one. They share the partition
 * of the landings, so that a landing and its link are written together or not at all.
 */
import { odata, type TransactionAction } from '@azure/data-tables';
import * as z from 'zod';
import {
  nextLink,
  type ChainHead,
  type ChainLink,
  type LandingChain,
  type PlacedLanding,
} from '../../evidence/chain.ts';
import { landingSchema, type Landing } from '../../landing/landing.ts';
import { landingStamp } from '../../landing/landing-names.ts';
import { dateColumn } from './columns.ts';
import { landingTable as table } from './landing-keys.ts';
import { entityOf, openRows } from './rows.ts';
import type { Tables } from './tables.ts';

const linkPrefix = 'chain_';
const afterLinks = 'chain`';
const numberDigits = 10;
/** Sorts directly after `newest`: one query reads both. */
export const newestLinkKey = 'newest_link';

const linkColumns = landingSchema.omit({ landingId: true, oldestContent: true }).extend({
  landingId: z.string(),
  previous: z.string(),
  hash: z.string(),
  linkedAt: dateColumn,
});

/** The row `newest_link`. */
export const chainHeadRow = z.object({ etag: z.string(), number: z.number(), hash: z.string() });
export type StoredChainHead = z.infer<typeof chainHeadRow>;

export function createLandingChain(tables: Tables): LandingChain {
  const rows = openRows(tables, {
    table,
    columns: linkColumns,
    toRow: (link, { rowKey }): ChainLink => ({ ...link, number: Number(rowKey.slice(linkPrefix.length)) }),
  });
  return {
    links: (tenantId, from, limit) =>
      rows.all(
        odata`PartitionKey eq ${tenantId} and RowKey ge ${linkKey(from)} and RowKey lt ${afterLinks}`,
        limit,
      ),
    async placed(tenantId, { from, to }, limit) {
      const keys = { from: landingStamp(from), to: landingStamp(to) };
      const filter = odata`PartitionKey eq ${tenantId} and RowKey ge ${keys.from} and RowKey lt ${keys.to}`;
      const select = ['RowKey', ...Object.keys(placedRow.shape)];
      const found = await tables.all(table, { filter, select }, limit);
      return found.map((entity) => toPlaced(entity.rowKey, placedRow.parse(entity)));
    },
    head: async (tenantId): Promise<ChainHead | undefined> => {
      const { number, hash } =
        chainHeadRow.optional().parse(await tables.get(table, tenantId, newestLinkKey)) ?? {};
      return number === undefined || hash === undefined ? undefined : { number, hash };
    },
  };
}

const placedRow = z.object({
  state: z.string(),
  link: z.number().optional(),
  records: z.number(),
  bytes: z.number(),
});

function toPlaced(landingId: string, { state, ...placed }: z.infer<typeof placedRow>): PlacedLanding {
  return { landingId, isIndexed: state === 'indexed', ...placed };
}

export interface Linking {
  readonly landing: Landing;
  readonly head: StoredChainHead | undefined;
  readonly now: Date;
}

/** Fails as a whole when another landing was linked meanwhile. @returns a column of the landing's row, and what creates the link */
export function linking(
  partitionKey: string,
  { landing, head, now }: Linking,
): { readonly columns: { readonly link: number }; readonly actions: readonly TransactionAction[] } {
  const link = nextLink(partitionKey, head, { ...landing, linkedAt: now });
  const { number, hash } = link;
  const newest = { partitionKey, rowKey: newestLinkKey, number, hash };
  return {
    columns: { link: number },
    actions: [
      ['create', entityOf(linkColumns, { partitionKey, rowKey: linkKey(number) }, link)],
      head === undefined ? ['create', newest] : ['update', newest, 'Replace', { etag: head.etag }],
    ],
  };
}

function linkKey(number: number): string {
  return linkPrefix + String(number).padStart(numberDigits, '0');
}
