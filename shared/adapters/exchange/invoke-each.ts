/** Many commands in batches, each with an outcome of its own. */
import type { UpstreamError } from '../../errors.ts';
import { withRetries, type RetryPolicy } from '../../retry.ts';
import type { Cmdlet } from './cmdlets.ts';
import type { Exchange } from './invoke-command.ts';

const attemptsPerChange = 4;

/**
 * Repeats those that Exchange was only too busy for; gives the error of each.
 * @throws UpstreamError for an error that concerns all commands: Exchange stays busy, or the application lacks a permission
 */
export async function invokeEach(
  exchange: Exchange,
  cmdlets: readonly Cmdlet[],
  { budget, baseMs }: Pick<RetryPolicy, 'budget' | 'baseMs'>,
): Promise<readonly (string | undefined)[]> {
  const outcomes: (UpstreamError | undefined)[] = [];
  let left = [...cmdlets.keys()];
  const invokeLeft = async (): Promise<void> => {
    const errors = await exchange.invokeAll(left.flatMap((index) => cmdlets[index] ?? []));
    left.forEach((index, position) => (outcomes[index] = errors[position]));
    left = left.filter((index) => outcomes[index]?.isTransient);
    const busy = outcomes.find((outcome) => outcome?.isTransient);
    if (busy !== undefined) throw busy;
  };
  const passing = (error: unknown) => outcomes.find((outcome) => outcome === error);
  await withRetries(invokeLeft, { attempts: attemptsPerChange, baseMs, passing, budget }).catch(
    (error: unknown) => {
      if (passing(error) === undefined) throw error;
    },
  );
  const general = outcomes.find((error) => error?.action === 'pause' || error?.action === 'renewToken');
  if (general !== undefined) throw general;
  return outcomes.map((error) => error?.message);
}
