/** A directory whose answers a test chooses. */
import type { UpstreamError } from '../../../shared/errors.ts';
import {
  exchangeAdministrator,
  type Directory,
  type RoleHolder,
} from '../../../shared/tenants/role-holders.ts';

export interface FakeDirectory extends Directory {
  /** From now on: these holders, or this refusal. */
  answerWith(answer: readonly RoleHolder[] | UpstreamError): void;
  /** From now on: these roles of the application itself, or this refusal. */
  answerOwnRolesWith(answer: readonly string[] | UpstreamError): void;
  /** From now on: these verified domains, or this refusal. */
  answerDomainsWith(answer: readonly string[] | UpstreamError): void;
}

/** The application is Exchange Administrator, and no one holds Global Administrator, until a test says otherwise. */
export function createFakeDirectory(): FakeDirectory {
  let answer: readonly RoleHolder[] | UpstreamError = [];
  let ownRoles: readonly string[] | UpstreamError = [exchangeAdministrator];
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
    listGlobalAdministrators: async () => {
      if (answer instanceof Error) throw answer;
      return await Promise.resolve(answer);
    },
  };
}
