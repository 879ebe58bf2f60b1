/** A directory whose answers a test chooses. */
import type { UpstreamError } from '../../../shared/errors.ts';
import { exchangeAdministrator, globalAdministrator } from '../../../shared/tenants/privileged-roles.ts';
import type { Directory, RoleHolder } from '../../../shared/tenants/role-holders.ts';

export interface FakeDirectory extends Directory {
  /** From now on: these holders of Global Administrator, or this refusal. */
  answerWith(answer: readonly RoleHolder[] | UpstreamError): void;
  /** From now on: these holders of another role. */
  answerOtherRoleWith(role: string, holders: readonly RoleHolder[]): void;
  /** From now on: this refusal, unless Global Administrator alone is requested. */
  refuseOtherRolesWith(refusal: UpstreamError): void;
  /** From now on: these roles of the application itself, or this refusal. */
  answerOwnRolesWith(answer: readonly string[] | UpstreamError): void;
  /** From now on: these verified domains, or this refusal. */
  answerDomainsWith(answer: readonly string[] | UpstreamError): void;
}

/** The application is Exchange Administrator, and no one holds Global Administrator, until a test says otherwise. */
export function createFakeDirectory(): FakeDirectory {
  let answer: readonly RoleHolder[] | UpstreamError = [];
  let ownRoles: readonly string[] | UpstreamError = [exchangeAdministrator];
  let refusal: UpstreamError | undefined;
  const others = new Map<string, readonly RoleHolder[]>();
  let domains: readonly string[] | UpstreamError = [];
  return {
    answerDomainsWith: (next) => {
      domains = next;
    },
    listVerifiedDomains: async () => {
      if (domains instanceof Error) throw domains;
      return await Promise.resolve(domains);
    },
    answerWith: (next) => {
      answer = next;
    },
    answerOwnRolesWith: (next) => {
      ownRoles = next;
    },
    listOwnRoles: async () => {
      if (ownRoles instanceof Error) throw ownRoles;
      return await Promise.resolve(ownRoles);
    },
    listRoleHolders: async (_tenant, roles) => {
      const found = answer;
      if (found instanceof Error) throw found;
      if (refusal !== undefined && roles.some((role) => role !== globalAdministrator)) throw refusal;
      const holders = (role: string) => (role === globalAdministrator ? found : (others.get(role) ?? []));
      return await Promise.resolve(roles.map((role) => ({ role, holders: holders(role) })));
    },
    refuseOtherRolesWith: (next) => {
      refusal = next;
    },
    answerOtherRoleWith: (role, holders) => {
      others.set(role, holders);
    },
  };
}
