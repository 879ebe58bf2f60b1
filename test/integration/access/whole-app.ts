/** The whole app as its main file registers it, in a separate host, with a storage account and an issuer. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { loadFunctionApp, type HttpFunction } from '../../local/host/function-app.ts';
import { startHost } from '../../local/host-process.ts';
import { servicesAt } from '../../local/simulator-settings.ts';
import { buildApp } from '../../support/built-app.ts';
import { apiFunctions } from '../../support/registered.ts';
import { bundledHost } from '../../support/run/bundle.ts';
import { openStorage } from '../../support/run/storage.ts';
import { clientId, publisherId, startIssuer } from './issuer.ts';

export const signingKey = randomBytes(32);

export type WholeApp = Awaited<ReturnType<typeof startWholeApp>>;

/** Everything is on free ports of this machine; {@link WholeApp.stop} ends all of it. */
export async function startWholeApp() {
  const [project, storage, issuer] = [await buildApp(), await openStorage(), await startIssuer()];
  const env = {
    AzureWebJobsStorage: storage.connectionString,
    AUDITKEEP_CLIENT_ID: clientId,
    AUDITKEEP_CREDENTIAL: 'secret',
    AUDITKEEP_CLIENT_SECRET: 'never used',
    AUDITKEEP_PUBLISHER_ID: publisherId,
    AUDITKEEP_SIGNING_KEY: signingKey.toString('base64'),
    ...servicesAt(issuer.url),
    // Hundreds of refusals come from one address here.
    AUDITKEEP_CALLS_PER_MINUTE: '1000000',
    AUDITKEEP_FAILED_CALLS_PER_MINUTE: '1000000',
  };
  const host = await startHost({ project, env, script: await bundledHost() });
  return {
    issuer,
    connectionString: storage.connectionString,
    baseUrl: `${host.baseUrl}/api`,
    functions: await registeredFunctions(project, env),
    stop: async (): Promise<void> => {
      await host.stop();
      await Promise.all([storage.close(), issuer.stop(), rm(project, { recursive: true })]);
    },
  };
}

/** Of the API, as the main file registers them, so that none can be forgotten. */
async function registeredFunctions(
  project: string,
  env: Readonly<Record<string, string>>,
): Promise<readonly HttpFunction[]> {
  Object.assign(process.env, env);
  const { httpFunctions } = await loadFunctionApp(join(project, 'main.mjs'), () => undefined);
  return apiFunctions(httpFunctions);
}
