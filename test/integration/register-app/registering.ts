/** Runs the command against the simulated Graph, over HTTPS, in a tenant whose administrator is signed in. */
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import type { World } from '../../../scripts/command-line/context.ts';
import { runAuditkeep, type Ran } from '../../support/auditkeep.ts';
import type { Registrations } from '../../simulator/applications-state.ts';
import type { SettingsChange } from '../../simulator/settings.ts';
import { startSimulator, type Simulator } from '../../simulator/simulator.ts';

export const publisher = 'c2a7f9d4-1e6b-4d0f-b6a3-94e8d5270f43';

export const appUrl = 'https://func-audit.example';
export const callback = `${appUrl}/api/consent/callback`;

export interface Registering {
  readonly simulator: Simulator;
  /** What is registered in the publisher's tenant. */
  readonly registered: Registrations;
  /** Requested waits in milliseconds; none of them takes time. */
  readonly pauses: readonly number[];
  readonly run: (...args: readonly string[]) => Promise<Ran>;
  readonly stop: () => Promise<void>;
}

export interface RegisteringOptions extends SettingsChange {
  /** Application permissions of the account that is signed in. */
  readonly roles?: readonly string[];
  /** @default a credential that returns a token for the publisher's tenant */
  readonly credential?: World['credential'];
}

export async function startRegistering(options: RegisteringOptions = {}): Promise<Registering> {
  const { roles = ['Application.ReadWrite.All'], ...settings } = options;
  const folder = await mkdtemp(join(tmpdir(), 'register-app-'));
  const simulator = await startSimulator({ ...settings, tenants: [], caFile: join(folder, 'ca.pem') });
  const httpsAgent = new Agent({ ca: simulator.caPem, keepAlive: true });
  const token = await simulator.mintToken({
    tenantId: publisher,
    audience: 'https://graph.microsoft.com',
    roles,
  });
  const signedIn = {
    getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 60_000 }),
  };
  const credential = 'credential' in options ? options.credential : signedIn;
  const pauses: number[] = [];
  return {
    simulator,
    pauses,
    registered: simulator.registrations(publisher),
    run: (...args) =>
      runAuditkeep(['register-app', ...args], {
        env: { AUDITKEEP_GRAPH_URL: simulator.baseUrl },
        httpsAgent,
        credential,
        pause: (ms) => Promise.resolve(void pauses.push(ms)),
      }),
    async stop() {
      httpsAgent.destroy();
      await simulator.stop();
      await rm(folder, { recursive: true });
    },
  };
}

const outcome = z.object({
  clientId: z.string().optional(),
  publisherId: z.string(),
  changes: z.array(z.string()),
  notes: z.array(z.string()),
});

/** What `--json` printed. */
export const outcomeOf = ({ output }: Ran): z.infer<typeof outcome> => outcome.parse(JSON.parse(output));
