/** Landings that an operator gave up, as gaps: made of their rows, so they end when one is indexed after all. */
import type { OpenLanding } from './landing.ts';
import type { Gap } from './ledger.ts';

/** One for each content type of each landing. What was imported is none: an import claims nothing about the feed. */
export function gapsOfGivenUp(landings: readonly OpenLanding[]): readonly Gap[] {
  return landings.filter(({ importId }) => importId === undefined).flatMap(gapsOf);
}

function gapsOf({ landingId, givenUp }: OpenLanding): readonly Gap[] {
  if (givenUp === undefined) return [];
  const { at, by, reason, holes } = givenUp;
  return holes.map(({ contentType, start, end }) => ({
    contentType,
    window: { start, end },
    landingId,
    reason: 'landingGivenUp',
    code: 'LandingGivenUp',
    recordedAt: at,
    givenUpAt: at,
    givenUpBy: by,
    givenUpReason: reason,
  }));
}
