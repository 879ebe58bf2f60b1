/** The access log and the ids of webhooks, in memory. */
import type { AccessLog, AccessLogEntry, WebhookLog } from '../../../shared/access/access-log.ts';

export interface FakeAccessLog extends AccessLog {
  readonly entries: readonly AccessLogEntry[];
}

export function createFakeAccessLog(): FakeAccessLog {
  const entries: AccessLogEntry[] = [];
  return {
    entries,
    append: async (entry) => {
      entries.push(entry);
      await Promise.resolve();
    },
  };
}

const rememberedMs = 24 * 60 * 60_000;

export function createFakeWebhookLog(): WebhookLog {
  const seen = new Map<string, { readonly started: string; readonly at: Date }>();
  return {
    remember: async (id, started, now) => {
      const before = seen.get(id);
      const isSeen = before !== undefined && now.getTime() - before.at.getTime() <= rememberedMs;
      if (!isSeen) seen.set(id, { started, at: now });
      return await Promise.resolve(isSeen ? before.started : undefined);
    },
    forget: async (id) => {
      seen.delete(id);
      await Promise.resolve();
    },
  };
}
