/** All rules a deployment has to keep, by name. */
import { actionGroup, logAlerts, metricAlerts } from './alerts.ts';
import type { Rule } from './finding.ts';
import { containers, queues, tables } from './names.ts';
import { budget, workbook } from './overview.ts';
import { oneIdentity, roles } from './roles.ts';
import { noKeys, outputs, secretsByReference } from './secrets.ts';
import { settings } from './settings.ts';
import { flexSettings, nodeVersion, noPasswords, plan, site } from './site.ts';
import { closedContainers, isolation, lifecycle, softDelete, storageAccount } from './storage.ts';
import { diagnostics, telemetry, vault } from './watching.ts';

export const rules = {
  ...{ queues, containers, tables },
  ...{ storageAccount, closedContainers, softDelete, lifecycle, isolation },
  ...{ plan, site, nodeVersion, noPasswords, flexSettings },
  ...{ roles, oneIdentity },
  ...{ noKeys, outputs, secretsByReference },
  ...{ diagnostics, telemetry, vault },
  ...{ actionGroup, logAlerts, metricAlerts, workbook, budget },
  settings,
} satisfies Record<string, Rule>;

export type RuleName = keyof typeof rules;
