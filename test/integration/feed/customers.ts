/** Tenants of the deployed app, what its operators do with them, and what Microsoft publishes of them. */
import { randomUUID } from 'node:crypto';
import { expect, vi } from 'vitest';
import * as z from 'zod';
import { createArrivalLog } from '../../../shared/adapters/tables/arrival-log.ts';
import { createRawStore } from '../../../shared/adapters/blobs/raw-store.ts';
import { createWorkQueues } from '../../../shared/adapters/queues/work-queues.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import { minuteMs } from '../../support/clock.ts';
import { guidOf, rawBlobOf, textOf } from '../../support/feed-world.ts';
import type { DeployedApp } from '../deployed/deployed-app.ts';
import { createDueRecords, type DueRecords } from './due-records.ts';
import { send, type FlowRequest } from './simulated-flow.ts';

export interface Customer {
  readonly tenantId: string;
  readonly displayName: string;
}

export function inventCustomers(count: number): readonly Customer[] {
  return Array.from({ length: count }, (_, at) => {
    const displayName = `Customer ${String(at).padStart(3, '0')}`;
    return { tenantId: randomUUID(), displayName };
  });
}

/** Everything may be called while the host is down, and happens once it is up. */
export interface Customers {
  readonly due: Pick<DueRecords, 'of'>;
  readonly register: (customer: Customer, tags: readonly string[]) => Promise<void>;
  readonly tag: (customer: Customer, tags: readonly string[]) => Promise<void>;
  /** Begins its removal. */
  readonly remove: (customer: Customer, options: { readonly purge: boolean }) => Promise<void>;
  /** Those that are registered, or are being removed. */
  readonly stored: () => Promise<ReadonlySet<string>>;
  /**
   * Time passes, and Microsoft has new content of each of these: two records, and again the one before. Every third one is
   * late: it was created before the time that was listed last, but not earlier than every poll lists again.
   * @param lateMs how long ago those that are late were created instead
   */
  readonly publish: (customers: readonly Customer[], options?: { readonly lateMs?: number }) => void;
  /** A landing that is indexed although its tenant is gone, because its message was late. */
  readonly landLate: (customer: Customer) => Promise<void>;
  /** For messages about it. */
  readonly nameOf: (recordId: string) => string;
}

const activeSchema = z.looseObject({ state: z.literal('Active') });
const patience = { timeout: 60_000, interval: 100 };
const contentType = 'Audit.SharePoint';
/** Longer than the interval of polls that the app has. */
const passingMs = 6 * minuteMs;
const freshMs = 2 * minuteMs;

export function createCustomers(app: DeployedApp): Customers {
  const storage = { kind: 'connectionString', connectionString: app.connectionString } as const;
  const tables = createTables(storage);
  const [tenants, arrivals] = [createTenantStore(tables), createArrivalLog(tables)];
  const [raw, queues] = [createRawStore(storage), createWorkQueues(storage)];
  const due = createDueRecords();
  const names = new Map<string, string>();
  /** Those that Microsoft knows. */
  const known = new Set<string>();
  /** @throws when the answer has another status */
  const call = async (path: string, request: FlowRequest, statuses: readonly number[]) => {
    const answer = await send(`${app.api.baseUrl}/api/${path}`, {
      ...request,
      headers: { 'x-api-key': app.api.apiKey },
    });
    if (!statuses.includes(answer.status))
      throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
    return answer;
  };
  const invent = (displayName: string, at: number): string => {
    const name = `${displayName}, record ${at}`;
    names.set(guidOf(name), name);
    return guidOf(name);
  };
  const publishOne = ({ tenantId, displayName }: Customer, contentCreated: number) => {
    const before = due.idsOf(tenantId);
    const ids = [1, 2].map((at) => invent(displayName, before.length + at));
    const texts = [...before.slice(-1), ...ids].map((id) => textOf({ id }));
    const created = { contentCreated: new Date(contentCreated).toISOString() };
    app.simulator.addContent(tenantId, { kind: 'records', contentType, texts, ...created });
    due.published(tenantId, ids);
  };
  return {
    due,
    register: async ({ tenantId, displayName }, tags) => {
      if (!known.has(tenantId)) addTenant(app, { tenantId, displayName });
      known.add(tenantId);
      const body = { tenantId, displayName, tags, contentTypes: [contentType] };
      const { text } = await call('tenants', { method: 'POST', body }, [200, 201]);
      activeSchema.parse(JSON.parse(text));
      due.registered(tenantId, tags);
    },
    tag: async ({ tenantId }, tags) => {
      await call(`tenants/${tenantId}`, { method: 'PATCH', body: { tags } }, [200]);
      due.tagged(tenantId, tags);
    },
    remove: async ({ tenantId }, { purge }) => {
      await call(`tenants/${tenantId}?purge=${purge}`, { method: 'DELETE' }, [202, 204]);
      due.removed(tenantId, { purge });
    },
    stored: async () => new Set((await tenants.list()).map(({ tenantId }) => tenantId)),
    publish: (customers, { lateMs = passingMs + 4 * minuteMs } = {}) => {
      app.clock.advance(passingMs);
      for (const [at, customer] of customers.entries())
        publishOne(customer, app.clock.now() - (at % 3 === 0 ? lateMs : freshMs));
    },
    landLate: async ({ tenantId, displayName }) => {
      const before = (await arrivals.announced(tenantId))?.through ?? 0;
      const text = textOf({ id: invent(`late of ${displayName}`, 0) });
      const { request, body, metadata } = rawBlobOf(tenantId, [text], new Date(app.clock.now()));
      await raw.put(request.blobName, body, metadata);
      await queues.requestIndexing(request);
      await vi.waitFor(async () => {
        expect((await arrivals.announced(tenantId))?.through).toBeGreaterThan(before);
      }, patience);
    },
    nameOf: (recordId) => names.get(recordId) ?? recordId,
  };
}

function addTenant({ simulator }: DeployedApp, { tenantId, displayName }: Customer): void {
  simulator.addTenant({
    ...{ tenantId, displayName, auditingEnabled: true, records: [] },
    domain: `${displayName.toLowerCase().replace(' ', '-')}.example`,
    directory: { users: [], groups: [], servicePrincipals: [], globalAdministratorIds: [] },
  });
}
