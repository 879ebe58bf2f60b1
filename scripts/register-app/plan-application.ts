/** What is missing from an app registration, in words and as the members to write. */
import { randomUUID } from 'node:crypto';
import { callerRoles, signInScope } from './caller-roles.ts';
import type { Wanted } from './find-application.ts';
import { applicationSchema } from './graph-objects.ts';
import { planAccess, type Apis } from './required-access.ts';

export interface ApplicationPlan {
  /** What changes, in words; empty when nothing is missing. */
  readonly texts: readonly string[];
  /** Members of the application that change. */
  readonly body: Readonly<Record<string, unknown>>;
}

const unchanged: ApplicationPlan = { texts: [], body: {} };

/** A registration before anything is set. */
export const emptyApplication = applicationSchema
  .omit({ id: true, appId: true, displayName: true })
  .parse({});

type Parts = typeof emptyApplication;

/** Adds what is missing and removes permissions that are not used; keeps everything else. */
export function planApplication(
  current: Parts,
  wanted: Pick<Wanted, 'callbackUrl' | 'dlp'>,
  apis: Apis,
): ApplicationPlan {
  const parts = [
    planAudience(current),
    planRedirect(current, wanted.callbackUrl),
    planRequired(current, apis, wanted.dlp),
    planRoles(current),
    planApi(current),
  ];
  return {
    texts: parts.flatMap(({ texts }) => texts),
    body: parts.reduce<ApplicationPlan['body']>((all, { body }) => ({ ...all, ...body }), {}),
  };
}

const audience = 'AzureADMultipleOrgs';

function planAudience({ signInAudience }: Parts): ApplicationPlan {
  if (signInAudience === audience) return unchanged;
  return { texts: ['accept accounts of any organization'], body: { signInAudience: audience } };
}

function planRedirect({ web }: Parts, callbackUrl: string | undefined): ApplicationPlan {
  if (callbackUrl === undefined || web.redirectUris.includes(callbackUrl)) return unchanged;
  return {
    texts: [`return administrators to ${callbackUrl}`],
    body: { web: { redirectUris: [...web.redirectUris, callbackUrl] } },
  };
}

function planRequired({ requiredResourceAccess }: Parts, apis: Apis, dlp: boolean): ApplicationPlan {
  const { texts, requiredResourceAccess: access } = planAccess(requiredResourceAccess, apis, dlp);
  return texts.length === 0 ? unchanged : { texts, body: { requiredResourceAccess: access } };
}

/** An application may hold a role as well: Power Automate and scripts call with one. */
const memberTypes = ['User', 'Application'];

function planRoles({ appRoles }: Parts): ApplicationPlan {
  const missing = callerRoles.filter(({ value }) => !appRoles.some((role) => role.value === value));
  const disabled = appRoles.filter(({ value, isEnabled }) => !isEnabled && isOurs(value));
  const texts = [
    ...missing.map(({ value }) => `define the app role ${value}`),
    ...disabled.map(({ value }) => `enable the app role ${value ?? ''}`),
  ];
  if (texts.length === 0) return unchanged;
  const added = missing.map((role) => ({
    ...role,
    id: randomUUID(),
    isEnabled: true,
    allowedMemberTypes: memberTypes,
  }));
  const kept = appRoles.map((role) => (disabled.includes(role) ? { ...role, isEnabled: true } : role));
  return { texts, body: { appRoles: [...kept, ...added] } };
}

function isOurs(value: string | null | undefined): boolean {
  return callerRoles.some((role) => role.value === value);
}

/** Version 2 names its cloud in the issuer; version 1 does not. */
const tokenVersion = 2;

function planApi({ api }: Parts): ApplicationPlan {
  const isVersioned = api.requestedAccessTokenVersion === tokenVersion;
  const hasScope = api.oauth2PermissionScopes.some(({ value }) => value === signInScope.value);
  const texts = [
    ...(isVersioned ? [] : [`issue access tokens of version ${tokenVersion}`]),
    ...(hasScope ? [] : [`define the scope ${signInScope.value}, so that people get tokens`]),
  ];
  if (texts.length === 0) return unchanged;
  const scope = { ...signInScope, id: randomUUID(), isEnabled: true };
  return {
    texts,
    body: {
      api: {
        requestedAccessTokenVersion: isVersioned ? undefined : tokenVersion,
        oauth2PermissionScopes: hasScope ? undefined : [...api.oauth2PermissionScopes, scope],
      },
    },
  };
}
