/** Watches: which rules are applied to new records. */
import type { Access, Caller } from '../../shared/access/access.ts';
import { setNamed, tenantsIn } from '../../shared/access/open-tenants.ts';
import { allTenants } from '../../shared/access/tenant-set.ts';
import * as api from '../../shared/api/watches.ts';
import type { DryRunDeps } from '../../shared/detection/dry-run.ts';
import {
  changeWatch,
  createWatch,
  deleteWatch,
  endSuppression,
  suppress,
  type ManageWatchesDeps,
} from '../../shared/detection/manage-watches.ts';
import { publicDryRun } from '../../shared/detection/public-dry-run.ts';
import { publicRule, publicSuppression, publicWatch } from '../../shared/detection/public-watch.ts';
import { sourceIn } from '../../shared/detection/source-in-body.ts';
import { findWatch, type WatchStore } from '../../shared/detection/watch.ts';
import { invalidParameter } from '../../shared/errors.ts';
import { handler } from '../../shared/http/handler.ts';
import { addressOf } from '../../shared/http/request.ts';
import { loadPart } from '../../shared/lazy.ts';

const loadPack = () => loadPart(() => import('../../shared/detection/pack/pack.ts'));

interface ReadDeps {
  readonly watches: Pick<WatchStore, 'get' | 'list'>;
}

interface AccessDeps {
  readonly access: Pick<Access, 'openTenant' | 'visibleTenants'>;
}

export const listWatchesHandler = handler(api.listWatches, async ({ watches }: ReadDeps, { reply }) =>
  reply(200, { value: (await watches.list()).map(publicWatch) }),
);

export const createWatchHandler = handler(
  api.createWatch,
  async (deps: ManageWatchesDeps & AccessDeps, { request, caller, body, reply }) => {
    const { displayName, enabled = true, severity } = body;
    const source = sourceIn(body);
    if (source === undefined) throw invalidParameter('pack', `Send 'pack', 'rule', or 'sigma'.`);
    const tenants = await setOf(deps, caller, body.tenants ?? [allTenants]);
    const wanted = { displayName, source, tenants, enabled, severity, createdBy: caller.id };
    const created = await createWatch(deps, wanted);
    return reply(201, publicWatch(created), { Location: addressOf(request, created.watchId) });
  },
);

export const getWatchHandler = handler(api.getWatch, async ({ watches }: ReadDeps, { path, reply }) =>
  reply(200, publicWatch(await findWatch(watches, path.watchId))),
);

export const changeWatchHandler = handler(
  api.changeWatch,
  async (deps: ManageWatchesDeps & AccessDeps, { caller, path, body, reply }) => {
    const { displayName, enabled, severity } = body;
    const tenants = body.tenants && (await setOf(deps, caller, body.tenants));
    const ofRules = severity === 'asInRules' ? null : severity;
    const patch = { displayName, enabled, severity: ofRules, tenants, source: sourceIn(body) };
    return reply(200, publicWatch(await changeWatch(deps, path.watchId, patch)));
  },
);

async function setOf({ access }: AccessDeps, caller: Caller, terms: readonly string[]): Promise<string> {
  return await setNamed(access, caller, terms, 'tenants.manage');
}

export const deleteWatchHandler = handler(
  api.deleteWatch,
  async (deps: Pick<ManageWatchesDeps, 'watches'>, { path, reply }) => {
    await deleteWatch(deps, path.watchId);
    return reply(204);
  },
);

export const createSuppressionHandler = handler(
  api.createSuppression,
  async (deps: ManageWatchesDeps & AccessDeps, { caller, path, body, reply }) => {
    const { tenantId } = await deps.access.openTenant(caller, body.tenantId, 'tenants.manage');
    const { member, values, reason, endDateTime } = body;
    const wanted = { tenantId, member, values, reason, endDateTime, createdBy: caller.id };
    return reply(201, publicSuppression(await suppress(deps, path.watchId, wanted)));
  },
);

export const deleteSuppressionHandler = handler(
  api.deleteSuppression,
  async (deps: ManageWatchesDeps, { path, reply }) => {
    await endSuppression(deps, path.watchId, path.suppressionId);
    return reply(204);
  },
);

export const listPackRulesHandler = handler(api.listPackRules, async (_deps: object, { reply }) =>
  reply(200, { value: (await loadPack()).packRules.map(publicRule) }),
);

/** More would take longer than a caller waits. */
const maxDryRunTenants = 50;

export const dryRunRulesHandler = handler(
  api.dryRunRules,
  async (
    deps: DryRunDeps & AccessDeps & Pick<ManageWatchesDeps, 'rulesOfWatch'>,
    { caller, body, reply },
  ) => {
    const source = sourceIn(body);
    if (source === undefined) throw invalidParameter('pack', `Send 'pack', 'rule', or 'sigma'.`);
    const rules = await deps.rulesOfWatch({ watchId: 'dryRun', source });
    const tenants = await tenantsIn(deps.access, caller, body.tenants ?? [allTenants], 'records.read');
    if (tenants.length > maxDryRunTenants)
      throw invalidParameter(
        'tenants',
        `'tenants' selects ${tenants.length} tenants; the limit is ${maxDryRunTenants}.`,
      );
    const { dryRun } = await loadPart(() => import('../../shared/detection/dry-run.ts'));
    return reply(200, publicDryRun(await dryRun(deps, { rules, tenants, days: body.days })));
  },
);
