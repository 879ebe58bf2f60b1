/** Registers the tenants of a local run and, if they have not consented yet, obtains consent and turns auditing on. */
import { setTimeout as delay } from 'node:timers/promises';
import type { LocalRun } from './local-run.ts';
import type { Enablement, OnboardingApi, TenantRegistration } from './onboarding-api.ts';

const PAUSE_MS = 200;
/** Unchanged for this long: it is waiting for something that the simulator does immediately. */
const STUCK_LIMIT_MS = 120_000;

type OnboardingRun = Pick<LocalRun, 'tenants' | 'consent'> & { readonly api: OnboardingApi };

/** A tenant whose auditing was turned on, and its current state. */
export interface Enabled {
  readonly tenant: TenantRegistration;
  readonly enablement: Enablement;
  /** Remaining problems. */
  readonly problems: readonly string[];
}

/**
 * Registers all tenants, and returns those for which it turned auditing on.
 * @param say receives progress messages
 */
export async function onboard(run: OnboardingRun, say: (line: string) => void): Promise<readonly Enabled[]> {
  const enabled = await Promise.all(run.tenants.map((tenant) => onboardTenant(run, tenant, say)));
  return enabled.filter((one) => one !== undefined);
}

async function onboardTenant(
  run: OnboardingRun,
  tenant: TenantRegistration,
  say: (line: string) => void,
): Promise<Enabled | undefined> {
  const { displayName, domain = tenant.tenantId } = tenant;
  const { state, consentUrl } = await run.api.registerTenant(tenant);
  say(`${displayName} is registered as ${domain}: ${state}`);
  if (run.consent === undefined) {
    if (consentUrl !== undefined) say(`An administrator of the tenant must consent: ${consentUrl}`);
    return undefined;
  }
  if (consentUrl !== undefined) {
    await run.consent(consentUrl);
    say(`${displayName}: an administrator opened the link and consented`);
  }
  return await enable(run, tenant, say);
}

async function enable(
  { api }: OnboardingRun,
  tenant: TenantRegistration,
  say: (line: string) => void,
): Promise<Enabled> {
  const status = await api.startEnablement(tenant.tenantId);
  const enablement = await follow(
    () => api.getEnablement(status),
    (progress) => {
      say(`${tenant.displayName}: ${describeProgress(progress)}`);
    },
  );
  return { tenant, enablement, problems: await api.listProblems(tenant.tenantId) };
}

/** Resolves when it has finished or when there is no more progress. */
async function follow(
  read: () => Promise<Enablement>,
  onProgress: (enablement: Enablement) => void,
): Promise<Enablement> {
  let last = '';
  let changedAt = Date.now();
  for (;;) {
    const enablement = await read();
    const line = describeProgress(enablement);
    if (line !== last) {
      changedAt = Date.now();
      onProgress(enablement);
    }
    last = line;
    const isOpen = enablement.status === 'NotStarted' || enablement.status === 'Running';
    if (!isOpen || Date.now() - changedAt > STUCK_LIMIT_MS) return enablement;
    await delay(PAUSE_MS);
  }
}

/** One line of progress: the current step, or the outcome. */
function describeProgress({ status, percentComplete, steps }: Enablement): string {
  const step = steps.find((one) => one.status === 'Running' || one.status === 'Waiting');
  const what = step === undefined ? status : `${step.name} ${step.status}`;
  const why = step?.errorMessage === undefined ? '' : ` (${step.errorMessage.replaceAll(/\s+/g, ' ')})`;
  return `${percentComplete}% enabled, ${what}${why}`;
}
