/** The demo tenants in the state of most real tenants: with auditing partly off, each in a different way. */

import { mailboxOfUser } from '../exchange/made-up-mailboxes.ts';
import type { SimulatedExchange, SimulatedMailbox } from '../exchange/exchange-schema.ts';
import type { SimulatedTenant } from '../tenant.ts';

type Audit = Partial<SimulatedMailbox>;

/** The problems of the mailboxes, round-robin. */
const states: readonly Audit[] = [
  {},
  { auditEnabled: false },
  { auditEnabled: true, foundAsAudited: false },
  { auditEnabled: false, bypassed: true },
  { auditLogAgeLimit: '30.00:00:00' },
];

/** In the first tenant the switch is off, the second was never customized, and in the third auditing is overridden. */
const organizations: readonly SimulatedExchange[] = [
  { unifiedAuditLog: false },
  { unifiedAuditLog: false, dehydrated: true },
  { unifiedAuditLog: false, auditDisabled: true },
];

/** The same tenants; their feeds report that they do not exist until auditing is turned on. */
export const partlyAudited = (tenants: readonly SimulatedTenant[]): readonly SimulatedTenant[] =>
  tenants.map((tenant, index) => ({
    ...tenant,
    auditingEnabled: false,
    exchange: {
      ...organizations[index % organizations.length],
      mailboxes: tenant.directory.users.map((user, position) => ({
        ...mailboxOfUser(user),
        ...states[position % states.length],
      })),
      generate: {
        counts: { SharedMailbox: 3, RoomMailbox: 2, EquipmentMailbox: 1, GroupMailbox: 2 },
        unaudited: 0.5,
      },
    },
  }));
