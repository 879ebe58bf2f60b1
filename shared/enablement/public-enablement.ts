/** An enablement as answers show it. */
import type { Enablement } from './enablement.ts';

export function publicEnablement({ enablementId, tenantId, request, status, steps, ...times }: Enablement) {
  const asked = steps.filter((step) => step.status !== 'Skipped');
  const open = new Set(['NotStarted', 'Running', 'Waiting']);
  const done = asked.filter((step) => !open.has(step.status)).length;
  return {
    ...{ id: enablementId, tenantId, status, dryRun: request.dryRun },
    percentComplete: asked.length === 0 ? 100 : Math.round((100 * done) / asked.length),
    createdDateTime: times.createdDateTime.toISOString(),
    lastActionDateTime: times.lastActionDateTime.toISOString(),
    steps,
  };
}
