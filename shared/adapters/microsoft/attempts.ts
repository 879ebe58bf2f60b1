/** How often a call to Microsoft is tried. */
import type { Budget } from '../../budget.ts';
import { onRefusal, UpstreamError } from '../../errors.ts';
import { withRetries } from '../../retry.ts';

/** A token that was refused is renewed once. */
export async function renewingToken<T>(attempt: () => Promise<T>): Promise<T> {
  const again = onRefusal(async (refusal) => {
    if (refusal.action !== 'renewToken') throw refusal;
    return await attempt().catch(failIfStillRefused);
  });
  return await attempt().catch(again);
}

/** For every call to Microsoft: four attempts. Throttling for longer than a moment is left to the caller. */
export function retryBriefly<T>(
  attempt: () => Promise<T>,
  budget: Budget | undefined,
  baseMs = 500,
): Promise<T> {
  const passing = (error: unknown) => (error instanceof UpstreamError && isBrief(error) ? error : undefined);
  return withRetries(attempt, { attempts: 4, baseMs, passing, budget });
}

const longestInlineWaitMs = 10_000;

function isBrief({ isTransient, retryAfterMs = 0 }: UpstreamError): boolean {
  return isTransient && retryAfterMs <= longestInlineWaitMs;
}

/** A new token did not help, so another one would not either. */
const failIfStillRefused = onRefusal((refusal): never => {
  if (refusal.action !== 'renewToken') throw refusal;
  const { code, message, cure } = refusal;
  throw new UpstreamError('fail', code, message, { cure, cause: refusal });
});
