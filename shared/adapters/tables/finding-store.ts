/** Table `Findings`: one partition, in which each finding has two rows that change together. @see finding-keys.ts */
import { odata, type TransactionAction } from '@azure/data-tables';
import * as z from 'zod';
import {
  findingSchema,
  isUnnotified,
  type Finding,
  type FindingQuery,
  type FindingStore,
  type StoredFinding,
} from '../../detection/finding.ts';
import { binaryColumn, packed, unpacked } from './columns.ts';
import { deleteFindings } from './delete-findings.ts';
import { findingKey, findingKeyAt, findingPartition, findingPrefix, findingTable } from './finding-keys.ts';
import { entityOf, openRows } from './rows.ts';
import { ifUnchanged, type Tables } from './tables.ts';

/** What records and rules say: no query needs it. */
const contentSchema = findingSchema.pick({ rule: true, sentence: true, group: true, records: true });
const columns = findingSchema
  .omit({ rule: true, sentence: true, group: true, records: true })
  .extend({ content: binaryColumn });
/** Storage cannot compare columns with each other. */
const written = columns.extend({ isUnnotified: z.boolean() });

export function createFindingStore(tables: Tables): FindingStore {
  const rows = openRows(tables, {
    table: findingTable,
    columns,
    toRow: ({ content, ...rest }, { etag }): StoredFinding => ({
      ...rest,
      ...unpacked(contentSchema, content),
      etag,
    }),
  });
  /** @param version undefined if it does not exist */
  const write = async (finding: Finding, version: string | undefined) => {
    const etags = await ifUnchanged(() => tables.transact(findingTable, actionsOf(finding, version)));
    return etags && { ...finding, etag: etags[0] ?? '' };
  };
  return {
    async get(tenantId, findingId) {
      const rowKey = findingKey(undefined, findingId);
      const found = await rows.get({ partitionKey: findingPartition, rowKey });
      return found?.tenantId === tenantId ? found : undefined;
    },
    create: (finding) => write(finding, undefined),
    update: ({ etag, ...before }, changes) => write({ ...before, ...changes }, etag),
    list: (tenantId, query, limit) => rows.all(filterOf(tenantId, query), limit),
    unnotified: (from, to, limit) =>
      rows.all(`${filterOf(undefined, { from, to })} and isUnnotified eq true`, limit),
    async removeBefore(tenantId, before) {
      let removed = 0;
      for await (const count of deleteFindings(tables, tenantId, before)) removed += count / rowsOfFinding;
      return removed;
    },
  };
}

const rowsOfFinding = 2;

/** The first is the one whose version counts. */
function actionsOf(finding: Finding, etag: string | undefined): TransactionAction[] {
  const { tenantId, findingId } = finding;
  const content = packed(z.encode(contentSchema, contentOf(finding)));
  const members = { ...finding, content, isUnnotified: isUnnotified(finding) };
  const row = (owner: string | undefined) =>
    entityOf(written, { partitionKey: findingPartition, rowKey: findingKey(owner, findingId) }, members);
  if (etag === undefined) return [undefined, tenantId].map((owner) => ['create', row(owner)]);
  return [
    ['update', row(undefined), 'Replace', { etag }],
    ['upsert', row(tenantId), 'Replace'],
  ];
}

function contentOf(finding: Finding) {
  return { ...finding, group: [...finding.group], records: [...finding.records] };
}

function filterOf(tenantId: string | undefined, query: FindingQuery): string {
  const { from, to, after, states, severities, watchId } = query;
  const start =
    to === undefined ? findingPrefix(tenantId) : findingKeyAt(tenantId, new Date(to.getTime() - 1));
  const first = after === undefined ? start : `${findingKey(tenantId, after)}~`;
  const last = from === undefined ? `${findingPrefix(tenantId)}~` : `${findingKeyAt(tenantId, from)}~`;
  const terms = [
    odata`PartitionKey eq ${findingPartition} and RowKey ge ${first} and RowKey lt ${last}`,
    ...oneOf(states?.map((state) => odata`state eq ${state}`)),
    ...oneOf(severities?.map((severity) => odata`severity eq ${severity}`)),
    ...(watchId === undefined ? [] : [odata`watchId eq ${watchId}`]),
  ];
  return terms.join(' and ');
}

function oneOf(terms: readonly string[] | undefined): readonly string[] {
  return terms === undefined ? [] : [`(${terms.join(' or ')})`];
}
