/** What is missing from an app registration, in words and as the members to write. */
import { randomUUID } from 'node:crypto';
import { callerRoles, signInScope } from './caller-roles.ts';
import { applicationSchema } from './graph-objects.ts';
import { planAccess, type Apis } from './required-access.ts';
import type { MemberPlan, Wanted } from './work.ts';

export interface ApplicationPlan {
  /** What changes, in words; empty when nothing is missing. */
  readonly texts: readonly string[];
  /** Members of the application that change. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** A registration before anything is set. */
export const emptyApplication = applicationSchema
  .omit({ id: true, appId: true, displayName: true })
  .parse({});

type Parts = typeof emptyApplication;

/** Adds what is missing and removes permissions that are not used; keeps everything else. */
export function planApplication(
  current: Parts,
  wanted: Pick<Wanted, 'callbackUrl' | 'options'>,
  apis: Apis,
): ApplicationPlan {
  const members: Readonly<Record<string, MemberPlan>> = {
    signInAudience: planAudience(current),
    web: planRedirect(current, wanted.callbackUrl),
    spa: planConsole(current, wanted.callbackUrl),
    requiredResourceAccess: planAccess(current.requiredResourceAccess, apis, wanted.options),
    appRoles: planRoles(current),
    api: planApi(current),
    servicePrincipalLockConfiguration: planLock(current),
  };
  const changed = Object.entries(members).filter(([, { texts }]) => texts.length > 0);
  return {
    texts: changed.flatMap(([, { texts }]) => texts),
    body: Object.fromEntries(changed.map(([name, { value }]) => [name, value])),
  };
}

const audience = 'AzureADMultipleOrgs';

function planAudience({ signInAudience }: Parts): MemberPlan {
  return {
    texts: signInAudience === audience ? [] : ['accept accounts of any organization'],
    value: audience,
  };
}

function planRedirect({ web: { redirectUris } }: Parts, callbackUrl: string | undefined): MemberPlan {
  const missing = callbackUrl === undefined || redirectUris.includes(callbackUrl) ? [] : [callbackUrl];
  return {
    texts: missing.map((url) => `return administrators to ${url}`),
    value: { redirectUris: [...redirectUris, ...missing] },
  };
}

/**
 * People who sign in to the console come back to its address, which is next to the API. As an address of a single-page
 * application: codes are exchanged with PKCE there, and without a secret.
 */
function planConsole({ spa: { redirectUris } }: Parts, callbackUrl: string | undefined): MemberPlan {
  const address = callbackUrl === undefined ? [] : [new URL('/console', callbackUrl).href];
  const missing = address.filter((url) => !redirectUris.includes(url));
  return {
    texts: missing.map((url) => `return people who sign in to the console to ${url}`),
    value: { redirectUris: [...redirectUris, ...missing] },
  };
}

/** An application may hold a role as well: Power Automate and scripts call with one. */
const allowedMemberTypes = ['User', 'Application'];

function planRoles({ appRoles }: Parts): MemberPlan {
  const missing = callerRoles.filter(({ value }) => !appRoles.some((role) => role.value === value));
  const disabled = appRoles.filter(
    ({ value, isEnabled }) => !isEnabled && callerRoles.some((role) => role.value === value),
  );
  const kept = appRoles.map((role) => (disabled.includes(role) ? { ...role, isEnabled: true } : role));
  const added = missing.map((role) => ({ ...role, id: randomUUID(), isEnabled: true, allowedMemberTypes }));
  return {
    texts: [
      ...missing.map(({ value }) => `define the app role ${value}`),
      ...disabled.map(({ value }) => `enable the app role ${value ?? ''}`),
    ],
    value: [...kept, ...added],
  };
}

/**
 * Without it, an administrator of a customer, or an attacker there, could add a secret to the service principal in that
 * tenant and sign in as the application.
 * @see https://learn.microsoft.com/graph/api/resources/serviceprincipallockconfiguration
 */
function planLock({ servicePrincipalLockConfiguration: lock }: Parts): MemberPlan {
  const isLocked = lock?.isEnabled === true && lock.allProperties === true;
  return {
    texts: isLocked ? [] : ['lock credentials of service principals in customer tenants'],
    value: { isEnabled: true, allProperties: true },
  };
}

/** Version 2 names its cloud in the issuer; version 1 does not. */
const tokenVersion = 2;

function planApi({ api }: Parts): MemberPlan {
  const isVersioned = api.requestedAccessTokenVersion === tokenVersion;
  const hasScope = api.oauth2PermissionScopes.some(({ value }) => value === signInScope.value);
  const scope = { ...signInScope, id: randomUUID(), isEnabled: true };
  return {
    texts: [
      ...(isVersioned ? [] : [`issue access tokens of version ${tokenVersion}`]),
      ...(hasScope ? [] : [`define the scope ${signInScope.value}, so that people get tokens`]),
    ],
    value: {
      requestedAccessTokenVersion: isVersioned ? undefined : tokenVersion,
      oauth2PermissionScopes: hasScope ? undefined : [...api.oauth2PermissionScopes, scope],
    },
  };
}
