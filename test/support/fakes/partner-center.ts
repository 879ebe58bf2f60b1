/** A Partner Center whose customers and refusals a test chooses. */
import { UpstreamError } from '../../../shared/errors.ts';
import type {
  Customer,
  Granting,
  PartnerCenter,
  PermissionGrant,
} from '../../../shared/partner-center/partner-center.ts';

export interface FakePartnerCenter extends PartnerCenter {
  /** In order; two on a page. */
  readonly listed: Customer[];
  /** `consent`, a permission, or a role, per tenant, in the order in which they were granted. */
  grantsOf(tenantId: string): readonly string[];
  /** From now on this is refused: `customers`, `consent`, `grant`, `assignRole`, or the name of a permission. */
  refuse(what: string, error: UpstreamError): void;
  /** From now on nothing is refused. */
  refuseNothing(): void;
  /** Runs after each new grant. */
  afterGrant(work: (tenantId: string, what: string) => void): void;
}

const pageSize = 2;

/** There are no customers, and nothing is refused, until a test says otherwise. */
export function createFakePartnerCenter(): FakePartnerCenter {
  const customers: Customer[] = [];
  const refusals = new Map<string, UpstreamError>();
  const grants = new Map<string, Set<string>>();
  let granted: (tenantId: string, what: string) => void = () => undefined;
  const throwIfRefused = (what: string) => {
    const refusal = refusals.get(what);
    if (refusal !== undefined) throw refusal;
  };
  const grant = (tenantId: string, what: string): Granting => {
    const all = grants.get(tenantId) ?? new Set();
    if (all.has(what)) return 'AlreadyGranted';
    grants.set(tenantId, all.add(what));
    granted(tenantId, what);
    return 'Granted';
  };
  const requireConsent = (tenantId: string) => {
    if (grants.get(tenantId)?.has('consent') === true) return;
    throw new UpstreamError('retry', 'AADSTS65001', 'The consent has not reached the tenant yet.');
  };
  return {
    listed: customers,
    grantsOf: (tenantId) => [...(grants.get(tenantId) ?? [])],
    refuse: (what, error) => void refusals.set(what, error),
    refuseNothing: () => {
      refusals.clear();
    },
    afterGrant: (work) => {
      granted = work;
    },
    async *customers() {
      throwIfRefused('customers');
      for (let at = 0; at < customers.length; at += pageSize) {
        yield await Promise.resolve(customers.slice(at, at + pageSize));
      }
    },
    consent: async ({ tenantId }) => {
      throwIfRefused('consent');
      return await Promise.resolve(grant(tenantId, 'consent'));
    },
    grant: async ({ tenantId }, permissions) => {
      throwIfRefused('grant');
      requireConsent(tenantId);
      return await Promise.resolve(
        permissions.map(({ permission }): PermissionGrant => {
          const refusal = refusals.get(permission);
          if (refusal === undefined) return { permission, outcome: grant(tenantId, permission) };
          const { code, message, cure } = refusal;
          return { permission, outcome: { code, message, cure } };
        }),
      );
    },
    assignRole: async ({ tenantId }, role) => {
      throwIfRefused('assignRole');
      requireConsent(tenantId);
      return await Promise.resolve(grant(tenantId, role));
    },
  };
}
