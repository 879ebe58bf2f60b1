/** Finds the registration that is to be completed. */
import type { Wanted } from './arguments.ts';
import type { GraphClient } from './graph-client.ts';
import { applicationMembers, applicationSchema, type Application } from './graph-objects.ts';
import { Failure } from './usage.ts';

/**
 * Undefined when there is none yet.
 * @throws Failure when several have the name, or none has the client id
 */
export async function findApplication(
  graph: GraphClient,
  { name, clientId }: Pick<Wanted, 'name' | 'clientId'>,
): Promise<Application | undefined> {
  if (clientId !== undefined) return await findByClientId(graph, clientId);
  const query = new URLSearchParams({
    $filter: `displayName eq '${name.replaceAll("'", "''")}'`,
    $select: applicationMembers,
  });
  const [first, ...others] = await graph.list(`applications?${query.toString()}`, applicationSchema);
  if (first === undefined || others.length === 0) return first;
  const ids = [first, ...others].map(({ appId }) => `  --client-id ${appId}`);
  throw new Failure(
    [`Several app registrations are called ${name}. Say which one is meant:`, ...ids].join('\n'),
  );
}

async function findByClientId(graph: GraphClient, clientId: string): Promise<Application> {
  const found = await graph.find(
    `applications(appId='${clientId}')?$select=${applicationMembers}`,
    applicationSchema,
  );
  if (found === undefined) throw new Failure(`There is no app registration ${clientId} in this tenant.`);
  return found;
}

const looks = 8;
const betweenLooksMs = 3000;

/** While a search does not find what was just made, another run would make a second one. */
export async function waitUntilFound(
  find: () => Promise<object | undefined>,
  pause: (ms: number) => Promise<void>,
): Promise<void> {
  for (let look = 1; look <= looks; look += 1) {
    if ((await find()) !== undefined) return;
    await pause(betweenLooksMs);
  }
}
