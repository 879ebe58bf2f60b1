/** Turns that are over at once. */
import type { StartTurn } from '../../shared/turns.ts';

export function createShortTurns() {
  let taken = 0;
  const startTurn: StartTurn = () => ({
    isOver: () => true,
    next: async () => {
      taken++;
      await Promise.resolve();
    },
  });
  return { startTurn, taken: () => taken };
}
