/** The Microsoft 365 simulator in a separate process, with custom feeds. */
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { ContentType } from '../../shared/activity/content-types.ts';
import { startChild } from '../local/child.ts';
import { simulatorSettings } from '../local/simulator-settings.ts';

const readySchema = z.object({
  baseUrl: z.url(),
  controlUrl: z.url(),
  caFile: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
});

/** Content blobs of synthetic records, spread evenly over a stretch of the feed's time. */
export interface FeedContent {
  readonly blobs: number;
  readonly recordsPerBlob: number;
  /** Used in turn. @default the four Audit types */
  readonly contentTypes?: readonly ContentType[];
  readonly from: Date;
  readonly to: Date;
  /** Makes bodies while they are sent, in place of keeping them ready. @default false */
  readonly stream?: boolean;
}

const countsSchema = z.object({
  exchange: z.object({
    /** A batch is one. */
    requests: z.number(),
    commands: z.record(z.string(), z.number()),
    mailboxWrites: z.object({ mostToOneMailbox: z.number() }),
  }),
});
export type ExchangeCounts = z.infer<typeof countsSchema>['exchange'];

export interface FeedProcess {
  /** The app's settings for this feed. */
  readonly env: Readonly<Record<string, string>>;
  /** Generates a tenant with this content and returns its id. */
  readonly addTenant: (content: FeedContent) => Promise<string>;
  readonly addContent: (tenantId: string, content: FeedContent) => Promise<void>;
  /** Generates a tenant with this many mailboxes, none of them audited as wanted, and returns its id. */
  readonly addMailboxes: (mailboxes: number) => Promise<string>;
  /** Requests to Exchange since this process started. */
  readonly exchangeCounts: () => Promise<ExchangeCounts>;
  /** Makes every answer wait so long, in milliseconds. */
  readonly setLatency: (latencyMs: number) => Promise<void>;
  readonly ended: Promise<string>;
  readonly stop: () => Promise<void>;
  readonly kill: () => void;
}

export async function startFeed(): Promise<FeedProcess> {
  const { ready, ...child } = await startChild({
    name: 'The Microsoft 365 simulator',
    script: fileURLToPath(new URL('../simulator/main.ts', import.meta.url)),
    env: { SIMULATOR_OPTIONS: '{}' },
    readyWhen: (line) => (line.startsWith('{') ? readySchema.parse(JSON.parse(line)) : undefined),
  });
  const control = (method: string, path: string, body: unknown) =>
    callControl(`${ready.controlUrl}${path}`, { method, body: JSON.stringify(body) });
  const addContent: FeedProcess['addContent'] = (tenantId, content) =>
    control('POST', `/tenants/${tenantId}/content`, { kind: 'generated', seed: nextSeed(), ...content });
  return {
    ...child,
    env: settingsFor(ready),
    addContent,
    async addTenant(content) {
      const tenantId = randomUUID();
      await control('POST', '/tenants', { tenantId, domain: 'northwind.example' });
      await addContent(tenantId, content);
      return tenantId;
    },
    async addMailboxes(mailboxes) {
      const tenantId = randomUUID();
      const generate = { counts: { UserMailbox: mailboxes }, unaudited: 0.6, trapped: 0.1 };
      await control('POST', '/tenants', { tenantId, domain: 'northwind.example', exchange: { generate } });
      return tenantId;
    },
    exchangeCounts: async () =>
      countsSchema.parse(await (await fetch(`${ready.controlUrl}/counters`)).json()).exchange,
    setLatency: (latencyMs) => control('PATCH', '/settings', { latencyMs }),
  };
}

/** Content of the same seed would have the same record ids. */
let seed = 0;
function nextSeed(): number {
  return ++seed;
}

async function callControl(url: string, init: RequestInit): Promise<void> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`The simulator refused ${url}: ${await response.text()}`);
}

function settingsFor(ready: z.infer<typeof readySchema>): Readonly<Record<string, string>> {
  return {
    NODE_EXTRA_CA_CERTS: ready.caFile,
    ...simulatorSettings(ready),
  };
}
