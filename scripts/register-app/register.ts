/** Brings the registration to where it should be, step by step; each step does nothing where nothing is missing. */
import type { Wanted } from './arguments.ts';
import { checkIdentity, listCredentials, wantedCredential } from './federated-credential.ts';
import { findApplication, waitUntilFound } from './find-application.ts';
import type { GraphClient } from './graph-client.ts';
import {
  applicationSchema,
  servicePrincipalSchema,
  type Application,
  type FederatedCredential,
  type ServicePrincipal,
} from './graph-objects.ts';
import { wantedApis } from './permissions.ts';
import { emptyApplication, planApplication } from './plan-application.ts';
import type { Apis } from './required-access.ts';
import { Failure } from './usage.ts';

export interface Registration {
  /** Undefined only where it would have been made. */
  readonly clientId: string | undefined;
  /** Your tenant. */
  readonly publisherId: string;
  /** What was changed, or would be, in words and in order. */
  readonly changes: readonly string[];
  /** What is there besides and may surprise. */
  readonly notes: readonly string[];
}

export interface RegisterOptions {
  readonly graph: GraphClient;
  readonly wanted: Wanted;
  readonly publisherId: string;
  /** Hears of each change before it is made. */
  readonly say: (change: string) => void;
  readonly pause: (ms: number) => Promise<void>;
}

interface Work extends RegisterOptions {
  /** Undefined where only the words are wanted. */
  readonly change: <T>(texts: readonly string[], write: () => Promise<T>) => Promise<T | undefined>;
}

/** @throws Failure; what was done until then stays, and the next run goes on from there */
export async function register(options: RegisterOptions): Promise<Registration> {
  const changes: string[] = [];
  const work: Work = {
    ...options,
    async change(texts, write) {
      for (const text of texts) options.say(text);
      changes.push(...texts);
      return options.wanted.whatIf ? undefined : await write();
    },
  };
  if (options.wanted.identity !== undefined) await checkIdentity(options.graph, options.wanted.identity);
  const apis = await completeApis(work);
  const application = await completeApplication(work, apis);
  await completeAddress(work, application);
  await completeServicePrincipal(work, application);
  const credentials = await completeCredential(work, application);
  return {
    ...{ clientId: application?.appId, publisherId: options.publisherId, changes },
    notes: notesOn(options, application, credentials),
  };
}

/** An API that nobody in the tenant has used yet has no service principal there, and so no permissions to ask for. */
async function completeApis(work: Work): Promise<Apis> {
  const apis = new Map<string, ServicePrincipal>();
  for (const { appId, name, permissions, optional } of wantedApis) {
    const found = await findServicePrincipal(work.graph, appId);
    const api = found ?? (await makeServicePrincipal(work, appId, `make ${name} known in this tenant`));
    if (api === undefined) continue;
    const missing = [...permissions, ...optional].find((value) => !defines(api, value));
    if (missing !== undefined) throw new Failure(`${name} defines no permission ${missing} in this cloud.`);
    apis.set(appId, api);
  }
  return apis;
}

function defines({ appRoles }: ServicePrincipal, permission: string): boolean {
  return appRoles.some(({ value, isEnabled }) => value === permission && isEnabled);
}

async function makeServicePrincipal(
  { graph, change, pause }: Work,
  appId: string,
  text: string,
): Promise<ServicePrincipal | undefined> {
  return await change([text], async () => {
    const request = { method: 'POST', path: 'servicePrincipals', body: { appId }, isNew: true } as const;
    const made = servicePrincipalSchema.parse(await graph.write(request));
    await waitUntilFound(() => findServicePrincipal(graph, appId), pause);
    return made;
  });
}

function findServicePrincipal(graph: GraphClient, appId: string): Promise<ServicePrincipal | undefined> {
  const members = '$select=id,appId,displayName,servicePrincipalType,appRoles';
  return graph.find(`servicePrincipals(appId='${appId}')?${members}`, servicePrincipalSchema);
}

async function completeApplication(work: Work, apis: Apis): Promise<Application | undefined> {
  const { graph, wanted, change } = work;
  const found = await findApplication(graph, wanted);
  const { texts, body } = planApplication(found ?? emptyApplication, wanted, apis);
  if (found !== undefined) {
    const path = `applications/${found.id}`;
    if (texts.length > 0) await change(texts, () => graph.write({ method: 'PATCH', path, body }));
    return found;
  }
  return await change([`create the app registration ${wanted.name}`, ...texts], async () => {
    const request = { displayName: wanted.name, ...body };
    const made = applicationSchema.parse(
      await graph.write({ method: 'POST', path: 'applications', body: request }),
    );
    const search = { name: wanted.name, clientId: undefined };
    await waitUntilFound(() => findApplication(graph, search), work.pause);
    return made;
  });
}

/** The verifier of tokens takes the client id as their audience, and `api://` and the same. */
async function completeAddress({ graph, change }: Work, application: Application | undefined): Promise<void> {
  const address = `api://${application?.appId ?? '(client id)'}`;
  if (application?.identifierUris.includes(address) === true) return;
  await change([`answer to ${address}`], () =>
    graph.write({
      ...{ method: 'PATCH', path: `applications/${application?.id ?? ''}`, isNew: true },
      body: { identifierUris: [...(application?.identifierUris ?? []), address] },
    }),
  );
}

async function completeServicePrincipal(work: Work, application: Application | undefined): Promise<void> {
  const appId = application?.appId ?? '';
  const found = application && (await findServicePrincipal(work.graph, appId));
  if (found === undefined) await makeServicePrincipal(work, appId, 'make it known in this tenant');
}

async function completeCredential(
  { graph, wanted, publisherId, change }: Work,
  application: Application | undefined,
): Promise<readonly FederatedCredential[]> {
  const { cloud, identity } = wanted;
  const credentials = application === undefined ? [] : await listCredentials(graph, application);
  if (identity === undefined) return credentials;
  const credential = wantedCredential({ cloud, tenantId: publisherId, identity });
  const same = credentials.find(
    ({ name, ...other }) => name === credential.name || trusts(other, credential),
  );
  const path = `applications/${application?.id ?? ''}/federatedIdentityCredentials`;
  if (same === undefined) {
    await change([`trust the managed identity ${identity}`], () =>
      graph.write({ method: 'POST', path, body: credential, isNew: true }),
    );
  } else if (!isAsItShouldBe(same, credential)) {
    const { name, ...body } = credential;
    await change([`mend how the managed identity ${identity} is trusted (${name})`], () =>
      graph.write({ method: 'PATCH', path: `${path}/${same.id}`, body }),
    );
  }
  return credentials.filter((one) => one !== same);
}

type Trusted = Pick<FederatedCredential, 'issuer' | 'subject' | 'audiences'>;

function trusts(one: Trusted, { issuer, subject }: Trusted): boolean {
  return one.issuer === issuer && one.subject === subject;
}

function isAsItShouldBe(one: Trusted, wanted: Trusted): boolean {
  return trusts(one, wanted) && one.audiences.join() === wanted.audiences.join();
}

function notesOn(
  { wanted }: RegisterOptions,
  application: Application | undefined,
  others: readonly FederatedCredential[],
): readonly string[] {
  const secrets = [...(application?.passwordCredentials ?? []), ...(application?.keyCredentials ?? [])]
    .length;
  return [
    ...(wanted.identity === undefined
      ? []
      : others.map(({ subject, name }) => `It trusts ${subject} too (${name}): remove it if it is gone.`)),
    ...(secrets === 0 ? [] : [`It has secrets or certificates (${secrets}); a managed identity needs none.`]),
    ...(wanted.callbackUrl === undefined
      ? ['Where the app runs is not known yet: run this again with --url.']
      : []),
    ...(wanted.identity === undefined ? ['No identity is given: run this again with --identity.'] : []),
  ];
}
