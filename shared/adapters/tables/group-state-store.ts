/** Table `WatchStates`: a row per group of matches, in the partition of its tenant. */
import type { TransactionAction } from '@azure/data-tables';
import * as z from 'zod';
import {
  groupStateSchema,
  type GroupChange,
  type GroupKey,
  type GroupState,
  type GroupStateStore,
  type Head,
} from '../../detection/group-state.ts';
import { packedColumns, unpackedColumns } from './columns.ts';
import { isWritten, type Tables } from './tables.ts';

const table = 'WatchStates';

export function createGroupStateStore(tables: Tables): GroupStateStore {
  return {
    async get(key) {
      const found = await tables.get(table, key.tenantId, key.key);
      return found && { ...key, state: unpackedColumns(groupStateSchema, found), etag: found.etag };
    },
    create: (key, state, at) =>
      isWritten(() => tables.write(table, (client) => client.createEntity(entityOf(key, state, at)))),
    replace: ({ etag, ...key }, state, at) =>
      isWritten(() =>
        tables.write(table, (client) => client.updateEntity(entityOf(key, state, at), 'Replace', { etag })),
      ),
    async writeAll(changes, at) {
      const actions = changes.map((change) => ({ ...change, entity: entityOf(change, change.state, at) }));
      const parts = actions.reduce((sum, { entity }) => sum + entity.parts, 0);
      if (parts > maxParts) return false;
      return await isWritten(() => tables.transact(table, actions.map(toAction)));
    },
  };
}

/** Of 60 KiB each: a transaction holds 4 MiB, and binary grows by a third on the wire. */
const maxParts = 40;

function toAction({
  before,
  entity,
}: Pick<GroupChange, 'before'> & { readonly entity: ReturnType<typeof entityOf> }): TransactionAction {
  return before === undefined ? ['create', entity] : ['update', entity, 'Replace', { etag: before.etag }];
}

/** @throws Error when the state is too large to store, which a thousand matches are not */
function entityOf({ tenantId, key }: GroupKey, state: GroupState, at: Date) {
  const columns = columnsOf(state) ?? columnsOf(shortened(state));
  if (columns === undefined) throw new Error('The state of a watch has become too large to store.');
  return { partitionKey: tenantId, rowKey: key, at: at.toISOString(), ...columns };
}

function columnsOf(state: GroupState) {
  return packedColumns(z.encode(groupStateSchema, { ...state, matches: [...state.matches] }));
}

/** Users choose what is in sentences, such as names of files: the landing must not wait for shorter ones. */
function shortened(state: GroupState): GroupState {
  return {
    ...state,
    heads: state.heads.map(shorter),
    findings: state.findings.map((finding) =>
      finding.heads === undefined ? finding : { ...finding, heads: finding.heads.map(shorter) },
    ),
  };
}

const shortLength = 100;

function shorter(head: Head): Head {
  const { sentence } = head;
  return sentence.length <= shortLength + 1
    ? head
    : { ...head, sentence: `${sentence.slice(0, shortLength).replace(/[\uD800-\uDBFF]$/, '')}…` };
}
