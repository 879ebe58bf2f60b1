/** Every vanished content blob is a gap, so is each time without a subscription, and nothing else is. */
import type { Gap } from '../../../shared/landing/ledger.ts';
import type { Published } from '../world/publisher.ts';
import type { World } from '../world/world.ts';
import type { Deliverable } from './deliverable.ts';
import { differences, type Outcome } from './invariant.ts';

export async function checkGaps(
  world: World,
  { contents: published, vanished, missed }: Deliverable,
  stops: number,
): Promise<Outcome> {
  const problems: string[] = [];
  const firstAt = Math.min(...published.map(({ contentCreated }) => contentCreated.getTime()));
  let [ofContent, ofStops] = [0, 0];
  for (const tenantId of world.tenantIds) {
    const gaps = await world.stored.ledger.gaps(tenantId);
    const contents = gaps.filter(({ contentId }) => contentId !== undefined);
    const ranges = gaps.filter((gap) => gap.contentId === undefined && !isBeforeAll(gap, firstAt));
    const checkpoints = await world.stored.ledger.checkpoints(tenantId);
    // Of a content type that is not listed yet, nothing is claimed: a stop then leaves no gap.
    const isClaimed = ({ plan, contentCreated }: Published) =>
      checkpoints.some(
        ({ contentType, collectedFrom }) =>
          contentType === plan.contentType && collectedFrom !== undefined && collectedFrom <= contentCreated,
      );
    const wanted = vanished.filter((one) => one.tenantId === tenantId);
    problems.push(
      ...differences(
        wanted.map(({ contentId }) => `contentGone ${contentId}`),
        contents.map(({ reason, contentId = '' }) => `${reason} ${contentId}`),
      ),
      ...ranges
        .filter(({ reason }) => reason !== 'feedStopped')
        .map((gap) => `unexpected: ${describeGap(gap)}`),
      ...missed
        .filter((one) => one.tenantId === tenantId && isClaimed(one))
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

/**
 * A first listing that was interrupted for so long that the feed dropped the rest meanwhile: nothing was published then, but
 * no host can know.
 */
function isBeforeAll({ reason, window }: Gap, firstAt: number): boolean {
  return reason === 'feedExpired' && window.end.getTime() <= firstAt;
}

function describeGap({ reason, contentType, window: { start, end }, recordedAt }: Gap): string {
  return `${reason} of ${contentType} [${start.toISOString()}, ${end.toISOString()}), recorded at ${recordedAt.toISOString()}`;
}
