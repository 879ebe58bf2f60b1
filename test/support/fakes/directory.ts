/** A directory that answers what a test says. */
import type { UpstreamError } from '../../../shared/errors.ts';
import type { Directory, RoleHolder } from '../../../shared/tenants/role-holders.ts';

export interface FakeDirectory extends Directory {
  /** From now on: these holders, or this refusal. */
  answerWith(answer: readonly RoleHolder[] | UpstreamError): void;
}

export function createFakeDirectory(): FakeDirectory {
  let answer: readonly RoleHolder[] | UpstreamError = [];
  return {
    answerWith: (next) => {
      answer = next;
    },
    listGlobalAdministrators: async () => {
      if (answer instanceof Error) throw answer;
      return await Promise.resolve(answer);
    },
  };
}
