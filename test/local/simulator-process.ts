/** Starts the Microsoft 365 simulator in its own process. */
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { type Child, startChild } from './child.ts';

const readySchema = z.object({
  baseUrl: z.url(),
  controlUrl: z.url(),
  caFile: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
  identityEndpoint: z.string(),
  identityHeader: z.string(),
  managedIdentity: z.object({ clientId: z.string() }),
  tenants: z.array(z.object({ tenantId: z.string(), displayName: z.string(), domain: z.string() })).min(1),
});

const deliveredSchema = z.object({
  contentBlobs: z.number(),
  records: z.number(),
  distinctRecords: z.number(),
});

/** What the feeds of all tenants offer; records count copies, distinctRecords do not. */
export type Delivered = z.infer<typeof deliveredSchema>;

export interface SimulatorProcess extends Omit<Child<unknown>, 'ready'>, z.infer<typeof readySchema> {
  /** What is available so far. @param tenantIds by default all */
  readonly readDelivered: (tenantIds?: readonly string[]) => Promise<Delivered>;
}

/** The state of most real tenants: no consent, and auditing partly off. */
const demo = { demo: true, partlyAudited: true, noConsent: true };

/**
 * Starts it with the records of the given file, or with the demo tenants.
 * @param isAudited whether auditing is on in these from the beginning
 * @param secrets values in the vault, by name
 */
export async function startSimulatorProcess(
  records: string | undefined,
  {
    isAudited = false,
    secrets = {},
  }: { readonly isAudited?: boolean; readonly secrets?: Readonly<Record<string, string>> } = {},
): Promise<SimulatorProcess> {
  const invented = { ...demo, partlyAudited: !isAudited };
  const { ready, ...child } = await startChild({
    name: 'The Microsoft 365 simulator',
    script: fileURLToPath(new URL('../simulator/main.ts', import.meta.url)),
    env: {
      SIMULATOR_OPTIONS: JSON.stringify({ ...(records === undefined ? invented : { records }), secrets }),
    },
    readyWhen: (line) => (line.startsWith('{') ? readySchema.parse(JSON.parse(line)) : undefined),
  });
  return {
    ...child,
    ...ready,
    readDelivered: async (tenantIds = ready.tenants.map(({ tenantId }) => tenantId)) => {
      const all = await Promise.all(
        tenantIds.map((tenantId) => readTenant(`${ready.controlUrl}/tenants/${tenantId}/delivered`)),
      );
      return all.reduce(addDelivered);
    },
  };
}

async function readTenant(url: string): Promise<Delivered> {
  return deliveredSchema.parse(await (await fetch(url)).json());
}

function addDelivered(left: Delivered, right: Delivered): Delivered {
  return {
    contentBlobs: left.contentBlobs + right.contentBlobs,
    records: left.records + right.records,
    distinctRecords: left.distinctRecords + right.distinctRecords,
  };
}
