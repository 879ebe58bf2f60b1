/** The access log and the ids of webhooks, in memory. */
import {
  isInsider,
  type AccessLog,
  type AccessLogEntry,
  type AccessLogQuery,
  type FileReading,
  type WebhookLog,
} from '../../../shared/access/access-log.ts';

export interface FakeAccessLog extends AccessLog {
  /** In the order in which they were written. */
  readonly entries: readonly AccessLogEntry[];
}

const latest = 9_999_999_999_999;

/** Unique for a moment, a request and a tenant; ascending keys are newest first. */
function keyOf({ at, requestId, tenantId }: AccessLogEntry): string {
  return `${latest - at.getTime()}_${requestId}${tenantId === undefined ? '' : `_${tenantId}`}`;
}

export function createFakeAccessLog(): FakeAccessLog {
  const entries: AccessLogEntry[] = [];
  const places = new Map<string, number>();
  const marks = new Set<string>();
  return {
    entries,
    append: async (entry) => {
      const place = places.get(keyOf(entry)) ?? entries.length;
      places.set(keyOf(entry), place);
      entries[place] = entry;
      await Promise.resolve();
    },
    list: async (query) => {
      const found = entries.filter((entry) => isAskedFor(entry, query));
      found.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
      const page = found.slice(0, query.top);
      const last = page.at(-1);
      const isOver = last === undefined || found.length <= query.top;
      return await Promise.resolve({ entries: page, ...(isOver ? {} : { next: keyOf(last) }) });
    },
    isFileMarked: (reading) => Promise.resolve(marks.has(markOf(reading))),
    markFile: async (reading) => {
      marks.add(markOf(reading));
      await Promise.resolve();
    },
  };
}

function markOf({ day, ...reading }: FileReading): string {
  return JSON.stringify([day.toISOString().slice(0, 10), reading.caller, reading.action, reading.fileId]);
}

function isAskedFor(entry: AccessLogEntry, query: AccessLogQuery): boolean {
  const { from, to, tenantId, caller, onlyInsiders, after = '' } = query;
  return (
    entry.at >= from &&
    entry.at < to &&
    keyOf(entry) > after &&
    (tenantId === undefined || entry.tenantId === tenantId) &&
    (caller === undefined || entry.caller === caller) &&
    (!onlyInsiders || isInsider(entry))
  );
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
