/** Watches and rules as answers show them. */
import type { Rule } from './rule.ts';
import type { Suppression, Watch, WatchSource } from './watch.ts';

/** `failing`: a rule cannot be evaluated, or matches too much; the others are applied. */
export const watchStatuses = ['active', 'disabled', 'failing'] as const;
export type WatchStatus = (typeof watchStatuses)[number];

function statusOf({ enabled, failure }: Watch): WatchStatus {
  if (!enabled) return 'disabled';
  return failure === undefined ? 'active' : 'failing';
}

export function publicWatch(watch: Watch) {
  const { watchId: id, displayName, tenants, enabled, severity, createdBy, failure } = watch;
  return {
    id,
    displayName,
    ...sourceOf(watch.source),
    tenants,
    enabled,
    severity,
    createdBy,
    status: statusOf(watch),
    suppressions: watch.suppressions.map(publicSuppression),
    createdDateTime: watch.createdDateTime.toISOString(),
    lastError: failure?.cause,
    failingSinceDateTime: failure?.since.toISOString(),
  };
}

function sourceOf(source: WatchSource) {
  switch (source.kind) {
    case 'pack':
      return { pack: [...source.ruleIds] };
    case 'rule':
      return { rule: source.rule };
    case 'sigma':
      return { sigma: source.text };
  }
}

export function publicSuppression(suppression: Suppression) {
  const { suppressionId: id, tenantId, member, values, reason, createdBy } = suppression;
  return {
    id,
    tenantId,
    member,
    values: values && [...values],
    reason,
    createdBy,
    createdDateTime: suppression.createdDateTime.toISOString(),
    endDateTime: suppression.endDateTime.toISOString(),
  };
}

export function publicRule({ id, title, description, nextSteps, severity, references = [], ...rest }: Rule) {
  const { author, license } = rest;
  return { id, title, description, nextSteps, severity, author, license, references: [...references] };
}
