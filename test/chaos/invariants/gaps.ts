/** Every vanished content blob is a gap, so is each time without a subscription, and nothing else is. */
import type { World } from '../world/world.ts';
import type { Deliverable } from './deliverable.ts';
import { differences, type Outcome } from './invariant.ts';

export async function checkGaps(
  world: World,
  { vanished, missed }: Deliverable,
  stops: number,
): Promise<Outcome> {
  const problems: string[] = [];
  let [ofContent, ofStops] = [0, 0];
  for (const tenantId of world.tenantIds) {
    const gaps = await world.stored.ledger.gaps(tenantId);
    const [contents, ranges] = [
      gaps.filter(({ contentId }) => contentId !== undefined),
      gaps.filter(({ contentId }) => contentId === undefined),
    ];
    const wanted = vanished.filter((one) => one.tenantId === tenantId);
    problems.push(
      ...differences(
        wanted.map(({ contentId }) => `contentGone ${contentId}`),
        contents.map(({ reason, contentId = '' }) => `${reason} ${contentId}`),
      ),
      ...ranges.filter(({ reason }) => reason !== 'feedStopped').map(({ reason }) => `unexpected: ${reason}`),
      ...missed
        .filter((one) => one.tenantId === tenantId)
        .filter(
          ({ plan, contentCreated }) =>
            !ranges.some(
              ({ contentType, window: { start, end } }) =>
                contentType === plan.contentType && start <= contentCreated && contentCreated < end,
            ),
        )
        .map(({ contentId }) => `not in a gap: ${contentId}, published without a subscription`),
    );
    [ofContent, ofStops] = [ofContent + contents.length, ofStops + ranges.length];
  }
  if (ofStops > stops) problems.push(`${ofStops} gaps of ${stops} stopped subscriptions`);
  const detail = `${ofContent} of content, ${ofStops} of stopped subscriptions`;
  return { name: 'gaps are what is lost, and nothing else', detail, problems };
}
