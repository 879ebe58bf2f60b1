/** Tenants whose records Microsoft publishes, some late and some twice; and what must arrive of them. */
import { randomUUID } from 'node:crypto';
import { parseRecord } from '../../../shared/records/audit-record.ts';
import { minuteMs } from '../../support/clock.ts';
import { generateRecords } from '../../simulator/synthetic-records.ts';
import { askJson } from '../deployed/asking.ts';
import type { DeployedApp } from '../deployed/deployed-app.ts';
import * as z from 'zod';

export interface PublishedTenant {
  readonly tenantId: string;
  readonly displayName: string;
  /** Content blobs, each with the IDs of its records in order; without those that are delivered again. */
  readonly contents: (readonly string[])[];
}

const contentType = 'Audit.SharePoint';
const recordsPerContent = 50;
const ago = { usual: 2 * minuteMs, late: 10 * minuteMs } as const;

export async function registerTenant(app: DeployedApp, displayName: string): Promise<PublishedTenant> {
  const tenantId = randomUUID();
  app.simulator.addTenant({
    ...{ tenantId, displayName, auditingEnabled: true, records: [] },
    domain: `${displayName.toLowerCase().replace(' ', '-')}.example`,
    directory: { users: [], groups: [], servicePrincipals: [], globalAdministratorIds: [] },
  });
  const body = { tenantId, displayName, contentTypes: [contentType] };
  await askJson(app, z.looseObject({ state: z.literal('Active') }), ['tenants', body]);
  return { tenantId, displayName, contents: [] };
}

let seed = 0;

/**
 * So many new records; the first content blob is late: it was created before the time that was listed last. The last one
 * is delivered twice.
 */
export function publish({ clock, simulator }: DeployedApp, to: PublishedTenant, count: number): void {
  const { tenantId, contents } = to;
  const made = [
    ...generateRecords({ ...{ tenantId, count, contentType }, seed: ++seed, now: new Date(clock.now()) }),
  ];
  const texts = made.map(({ text }) => text);
  const created = (agoMs: number) => new Date(clock.now() - agoMs).toISOString();
  for (let from = 0; from < count; from += recordsPerContent) {
    const part = texts.slice(from, from + recordsPerContent);
    const contentCreated = created(from === 0 ? ago.late : ago.usual);
    const ids = simulator.addContent(tenantId, { kind: 'records', contentType, texts: part, contentCreated });
    contents.push(part.map((text) => parseRecord(Buffer.from(text)).id));
    if (from + recordsPerContent >= count)
      simulator.addContent(tenantId, {
        kind: 'redelivery',
        contentIds: ids,
        contentCreated: created(ago.usual),
      });
  }
}
