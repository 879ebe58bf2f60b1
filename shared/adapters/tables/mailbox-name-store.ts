/** Table `Postures`, partition `{tenant}_mailboxes`: names of mailboxes, packed, each mailbox always in the same row. */
import * as z from 'zod';
import { knownMailboxSchema, type KnownMailbox, type MailboxNameStore } from '../../tenants/mailbox-names.ts';
import { sha256Of } from '../../sha256.ts';
import { binaryColumn, packed, unpacked } from './columns.ts';
import { openRows } from './rows.ts';
import type { Tables } from './tables.ts';

const mailboxesSchema = z.array(knownMailboxSchema);

/** A property holds 64 KiB. */
const maxBytes = 60 * 1024;
/** A transaction holds 4 MiB, and bytes are sent as base64. */
const rowsAtOnce = 40;

export function createMailboxNameStore(tables: Tables): MailboxNameStore {
  const rows = openRows(tables, {
    table: 'Postures',
    columns: z.object({ mailboxes: binaryColumn }),
    toRow: ({ mailboxes }) => unpacked(mailboxesSchema, mailboxes),
  });
  return {
    list: async (tenantId) => (await rows.partition(partitionOf(tenantId))).flat(),
    async save(tenantId, mailboxes) {
      const shards = shardsOf(mailboxes);
      const partitionKey = partitionOf(tenantId);
      const entities = shardKeys.map((rowKey) => ({
        partitionKey,
        rowKey,
        mailboxes: packedWithin(shards.get(rowKey) ?? []),
      }));
      for (let at = 0; at < entities.length; at += rowsAtOnce)
        await tables.upsertAll('Postures', entities.slice(at, at + rowsAtOnce));
    },
  };
}

function partitionOf(tenantId: string): string {
  return `${tenantId}_mailboxes`;
}

/** Two hexadecimal digits: a row for some eighty mailboxes of the largest tenant. */
const shardKeys = Array.from({ length: 256 }, (_, at) => at.toString(16).padStart(2, '0'));

function shardsOf(mailboxes: readonly KnownMailbox[]): ReadonlyMap<string, readonly KnownMailbox[]> {
  const shards = new Map<string, KnownMailbox[]>();
  for (const mailbox of mailboxes) {
    const key = sha256Of(mailbox.id).slice(0, 2);
    shards.set(key, [...(shards.get(key) ?? []), mailbox]);
  }
  return shards;
}

/** Names have a length and a number, so half of a shard fits if the whole does not; those seen last come first. */
function packedWithin(mailboxes: readonly KnownMailbox[]): Uint8Array {
  const bytes = packed(mailboxes);
  if (bytes.length <= maxBytes) return bytes;
  return packedWithin(mailboxes.slice(0, Math.floor(mailboxes.length / 2)));
}
