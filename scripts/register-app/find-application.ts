/** Finds the registration to complete. */
import { Failure } from '../command-line/failure.ts';
import type { GraphClient } from './graph-client.ts';
import { applicationSchema, type Application } from './graph-objects.ts';
import type { Wanted } from './work.ts';

/**
 * Undefined when it does not exist yet.
 * @throws Failure when several have the name, or none has the client ID
 */
export async function findApplication(
  graph: GraphClient,
  { name, clientId }: Pick<Wanted, 'name' | 'clientId'>,
): Promise<Application | undefined> {
  if (clientId !== undefined) {
    const found = await graph.find(`applications(appId='${clientId}')`, applicationSchema);
    if (found !== undefined) return found;
    throw new Failure(`App registration ${clientId} does not exist in this tenant.`);
  }
  const filter = `displayName eq '${name.replaceAll("'", "''")}'`;
  const [first, ...others] = await graph.list('applications', applicationSchema, filter);
  if (first === undefined || others.length === 0) return first;
  const ids = [first, ...others].map(({ appId }) => `  --client-id ${appId}`);
  throw new Failure([`Several app registrations are named ${name}. Select one of them:`, ...ids].join('\n'));
}

const attempts = 8;
const betweenAttemptsMs = 3000;

/** While a search does not find what was just created, another run would create a second one. */
export async function waitUntilFound(
  find: () => Promise<object | undefined>,
  pause: (ms: number) => Promise<void>,
): Promise<void> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if ((await find()) !== undefined) return;
    await pause(betweenAttemptsMs);
  }
}
