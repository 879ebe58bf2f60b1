/** Sign-in whose answers a test chooses. */
import * as z from 'zod';
import type { Cloud } from '../../../shared/activity/clouds.ts';
import { UpstreamError } from '../../../shared/errors.ts';
import type { Resource, SignIn } from '../../../shared/tenants/sign-in.ts';

export interface FakeSignIn extends SignIn {
  /** From now on: these roles in new tokens of the resource, or this refusal. */
  grant(resource: Resource, answer: readonly string[] | UpstreamError): void;
  /** From now on sign-in refuses every resource. */
  refuse(error: UpstreamError): void;
  /** From now on everything is granted, as in the beginning. */
  grantAll(): void;
  /** Runs during each request for a token. */
  meanwhile(work: (resource: Resource) => Promise<void>): void;
  /** Ids by domain. */
  readonly domains: Map<string, string>;
  /** IDs that no tenant has. */
  readonly missing: Set<string>;
  /** Clouds in which domains were looked up, in order. */
  readonly askedClouds: readonly Cloud[];
  /** From now on domains and IDs cannot be looked up. */
  hideDomains(error: UpstreamError): void;
}

const everything: readonly (readonly [Resource, readonly string[]])[] = [
  ['activityApi', ['ActivityFeed.Read', 'ActivityFeed.ReadDlp']],
  ['graph', ['RoleManagement.Read.Directory', 'Directory.Read.All']],
  ['exchange', ['Exchange.ManageAsApp']],
];

/** Everything is granted until a test says otherwise. */
export function createFakeSignIn(): FakeSignIn {
  const answers = new Map<Resource, readonly string[] | UpstreamError>(everything);
  const domains = new Map<string, string>();
  const missing = new Set<string>();
  const askedClouds: Cloud[] = [];
  let hidden: UpstreamError | undefined;
  let work: (resource: Resource) => Promise<void> = () => Promise.resolve();
  return {
    domains,
    missing,
    askedClouds,
    grant: (resource, answer) => void answers.set(resource, answer),
    refuse: (error) => {
      for (const [resource] of everything) answers.set(resource, error);
    },
    grantAll: () => {
      for (const [resource, roles] of everything) answers.set(resource, roles);
    },
    meanwhile: (next) => {
      work = next;
    },
    hideDomains: (error) => {
      hidden = error;
    },
    grantedRoles: async (_tenant, resource) => {
      await work(resource);
      const answer = answers.get(resource) ?? [];
      if (answer instanceof UpstreamError) throw answer;
      return answer;
    },
    findTenantId: async (idOrDomain, cloud) => {
      const isId = z.guid().safeParse(idOrDomain).success;
      if (!isId) askedClouds.push(cloud);
      if (hidden !== undefined) throw hidden;
      if (isId) return missing.has(idOrDomain) ? undefined : idOrDomain;
      return await Promise.resolve(domains.get(idOrDomain));
    },
  };
}
