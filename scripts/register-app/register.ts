/** Completes the registration step by step; a step whose result exists already does nothing. */
import { Failure } from '../command-line/failure.ts';
import { checkIdentity, completeCredential } from './federated-credential.ts';
import { findApplication, waitUntilFound } from './find-application.ts';
import {
  applicationSchema,
  servicePrincipalSchema,
  type Application,
  type FederatedCredential,
  type ServicePrincipal,
} from './graph-objects.ts';
import { wantedApis } from '../../shared/tenants/permissions.ts';
import { emptyApplication, planApplication } from './plan-application.ts';
import type { Apis } from './required-access.ts';
import type { Wanted, Work } from './work.ts';

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

export interface RegisterOptions extends Omit<Work, 'change'> {
  /** Gets each change before it is made. */
  readonly onChange: (change: string) => void;
}

/** @throws Failure; what was done until then remains, and the next run continues from there */
export async function register({ onChange, ...options }: RegisterOptions): Promise<Registration> {
  const { graph, wanted, publisherId } = options;
  const changes: string[] = [];
  const work: Work = {
    ...options,
    async change(texts, request) {
      texts.forEach(onChange);
      changes.push(...texts);
      return wanted.whatIf ? undefined : await graph.write(request);
    },
  };
  if (wanted.identity !== undefined) await checkIdentity(graph, wanted.identity);
  const apis = await completeApis(work);
  const application = await completeApplication(work, apis);
  await completeAddress(work, application);
  await ensureServicePrincipal(work, application?.appId ?? '', wanted.name);
  const otherCredentials = await completeCredential(work, application);
  const notes = notesOn(wanted, application, otherCredentials);
  return { clientId: application?.appId, publisherId, changes, notes };
}

/** An API that was never used in the tenant has no service principal there, and so no permissions to request. */
async function completeApis(work: Work): Promise<Apis> {
  const apis = new Map<string, ServicePrincipal>();
  for (const { appId, name, permissions, optional } of wantedApis) {
    const api = await ensureServicePrincipal(work, appId, name);
    if (api === undefined) continue;
    const missing = [...permissions, ...optional.map(({ permission }) => permission)].find(
      (value) => !defines(api, value),
    );
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
  const find = () => graph.find(`servicePrincipals(appId='${appId}')`, servicePrincipalSchema);
  const found = appId === '' ? undefined : await find();
  if (found !== undefined) return found;
  const request = { method: 'POST', path: 'servicePrincipals', body: { appId }, isNew: true } as const;
  const created = await change([`create the service principal of ${name} in this tenant`], request);
  if (created === undefined) return undefined;
  await waitUntilFound(find, pause);
  return servicePrincipalSchema.parse(created);
}

/** Undefined where it would have been created. */
async function completeApplication(work: Work, apis: Apis): Promise<Application | undefined> {
  const { graph, wanted, change, pause } = work;
  const found = await findApplication(graph, wanted);
  const { texts, body } = planApplication(found ?? emptyApplication, wanted, apis);
  if (found !== undefined) {
    if (texts.length > 0) await change(texts, { method: 'PATCH', path: `applications/${found.id}`, body });
    return found;
  }
  const { name } = wanted;
  const request = { method: 'POST', path: 'applications', body: { displayName: name, ...body } } as const;
  const created = await change([`create the app registration ${name}`, ...texts], request);
  if (created === undefined) return undefined;
  await waitUntilFound(() => findApplication(graph, { name }), pause);
  return applicationSchema.parse(created);
}

/** Tokens are accepted for the client ID as their audience, with and without `api://`. */
async function completeAddress({ change }: Work, application: Application | undefined): Promise<void> {
  const { id = '', appId = '(client id)', identifierUris = [] } = application ?? {};
  const address = `api://${appId}`;
  if (identifierUris.includes(address)) return;
  const body = { identifierUris: [...identifierUris, address] };
  const request = { method: 'PATCH', path: `applications/${id}`, isNew: true, body } as const;
  await change([`add the application ID URI ${address}`], request);
}

function notesOn(
  { identity, callbackUrl }: Wanted,
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
