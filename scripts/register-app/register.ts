/** Completes the registration step by step; a step whose result exists already does nothing. */
import { Failure } from '../command-line/failure.ts';
import { checkIdentity, listCredentials, wantedCredential } from './federated-credential.ts';
import { findApplication, waitUntilFound, type Wanted } from './find-application.ts';
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

export interface Registration {
  /** Undefined only where it would have been created. */
  readonly clientId: string | undefined;
  /** Your tenant. */
  readonly publisherId: string;
  /** What was changed, or would be, in words and in order. */
  readonly changes: readonly string[];
  /** What else the operator should know. */
  readonly notes: readonly string[];
}

export interface RegisterOptions {
  readonly graph: GraphClient;
  readonly wanted: Wanted;
  readonly publisherId: string;
  /** Gets each change before it is made. */
  readonly onChange: (change: string) => void;
  readonly pause: (ms: number) => Promise<void>;
}

interface Work extends RegisterOptions {
  /** Undefined where nothing is written. */
  readonly change: <T>(texts: readonly string[], write: () => Promise<T>) => Promise<T | undefined>;
}

/** @throws Failure; what was done until then remains, and the next run continues from there */
export async function register(options: RegisterOptions): Promise<Registration> {
  const changes: string[] = [];
  const work: Work = {
    ...options,
    async change(texts, write) {
      texts.forEach(options.onChange);
      changes.push(...texts);
      return options.wanted.whatIf ? undefined : await write();
    },
  };
  if (options.wanted.identity !== undefined) await checkIdentity(options.graph, options.wanted.identity);
  const apis = await completeApis(work);
  const application = await completeApplication(work, apis);
  await completeAddress(work, application);
  await ensureServicePrincipal(work, application?.appId ?? '', options.wanted.name);
  const credentials = await completeCredential(work, application);
  return {
    clientId: application?.appId,
    publisherId: options.publisherId,
    changes,
    notes: notesOn(options, application, credentials),
  };
}

/** An API that was never used in the tenant has no service principal there, and so no permissions to request. */
async function completeApis(work: Work): Promise<Apis> {
  const apis = new Map<string, ServicePrincipal>();
  for (const { appId, name, permissions, optional } of wantedApis) {
    const api = await ensureServicePrincipal(work, appId, name);
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

/** Undefined where it would have been created. */
async function ensureServicePrincipal(
  { graph, change, pause }: Work,
  appId: string,
  name: string,
): Promise<ServicePrincipal | undefined> {
  const found = appId === '' ? undefined : await findServicePrincipal(graph, appId);
  if (found !== undefined) return found;
  return await change([`create the service principal of ${name} in this tenant`], async () => {
    const request = { method: 'POST', path: 'servicePrincipals', body: { appId }, isNew: true } as const;
    const created = servicePrincipalSchema.parse(await graph.write(request));
    await waitUntilFound(() => findServicePrincipal(graph, appId), pause);
    return created;
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
    const created = applicationSchema.parse(
      await graph.write({ method: 'POST', path: 'applications', body: request }),
    );
    const search = { name: wanted.name, clientId: undefined };
    await waitUntilFound(() => findApplication(graph, search), work.pause);
    return created;
  });
}

/** Tokens are accepted for the client ID as their audience, with and without `api://`. */
async function completeAddress({ graph, change }: Work, application: Application | undefined): Promise<void> {
  const address = `api://${application?.appId ?? '(client id)'}`;
  if (application?.identifierUris.includes(address) === true) return;
  await change([`add the application ID URI ${address}`], () =>
    graph.write({
      method: 'PATCH',
      path: `applications/${application?.id ?? ''}`,
      isNew: true,
      body: { identifierUris: [...(application?.identifierUris ?? []), address] },
    }),
  );
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
  } else if (!isComplete(same, credential)) {
    const { name, ...body } = credential;
    await change([`correct the trust in the managed identity ${identity} (${name})`], () =>
      graph.write({ method: 'PATCH', path: `${path}/${same.id}`, body }),
    );
  }
  return credentials.filter((one) => one !== same);
}

type Trusted = Pick<FederatedCredential, 'issuer' | 'subject' | 'audiences'>;

function trusts(one: Trusted, { issuer, subject }: Trusted): boolean {
  return one.issuer === issuer && one.subject === subject;
}

function isComplete(one: Trusted, wanted: Trusted): boolean {
  return trusts(one, wanted) && one.audiences.join() === wanted.audiences.join();
}

function notesOn(
  { wanted: { identity, callbackUrl } }: RegisterOptions,
  application: Application | undefined,
  others: readonly FederatedCredential[],
): readonly string[] {
  const { passwordCredentials = [], keyCredentials = [] } = application ?? {};
  const secrets = passwordCredentials.length + keyCredentials.length;
  const trusted = others.map(
    ({ subject, name }) => `It also trusts ${subject} (${name}): remove it if it is obsolete.`,
  );
  const notes = [
    secrets > 0 && `It has secrets or certificates (${secrets}); a managed identity needs none.`,
    callbackUrl === undefined && 'The address of the deployment is not known yet: run this again with --url.',
    identity === undefined && 'The managed identity is not known yet: run this again with --identity.',
  ];
  return [...(identity === undefined ? [] : trusted), ...notes.filter((note) => note !== false)];
}
