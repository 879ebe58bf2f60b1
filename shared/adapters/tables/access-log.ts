/** Tables `AccessLog` (a partition a day) and `Webhooks` (ids seen). */
import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { AccessLog, WebhookLog } from '../../access/access-log.ts';
import { dateColumn } from './columns.ts';
import { isConflict, type Tables } from './tables.ts';

const latest = 9_999_999_999_999;

export function createAccessLog(tables: Tables): AccessLog {
  return {
    async append({ at, caller, action, tenantId, outcome, code }) {
      const entity = {
        partitionKey: at.toISOString().slice(0, 10),
        rowKey: `${latest - at.getTime()}_${randomUUID()}`,
        ...{ at: at.toISOString(), action, outcome },
        ...(caller === undefined ? {} : { caller }),
        ...(tenantId === undefined ? {} : { tenantId }),
        ...(code === undefined ? {} : { code }),
      };
      await tables.write('AccessLog', (client) => client.createEntity(entity));
    },
  };
}

const webhookTable = 'Webhooks';
const webhookPartition = 'id';
/** Longer than the five minutes in which a signature is good. */
const rememberedMs = 24 * 60 * 60_000;

const webhookRow = z.object({ started: z.string(), at: dateColumn });

export function createWebhookLog(tables: Tables): WebhookLog {
  return {
    async remember(id, started, now) {
      const entity = { partitionKey: webhookPartition, rowKey: keyOf(id), started, at: now.toISOString() };
      try {
        await tables.write(webhookTable, (client) => client.createEntity(entity));
        return undefined;
      } catch (error) {
        if (!isConflict(error)) throw error;
      }
      const seen = webhookRow.safeParse(await tables.get(webhookTable, webhookPartition, keyOf(id))).data;
      if (seen !== undefined && now.getTime() - seen.at.getTime() <= rememberedMs) return seen.started;
      await tables.write(webhookTable, (client) => client.upsertEntity(entity, 'Replace'));
      return undefined;
    },
    forget: (id) => tables.remove(webhookTable, webhookPartition, keyOf(id)),
  };
}

/** Ids are the sender's: hashed, they fit any key. */
function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}
