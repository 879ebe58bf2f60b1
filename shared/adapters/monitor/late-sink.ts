/** A sink that is made when it is first needed. */
import type { Sink } from './sink.ts';

/** What may wait for the sink; all further is dropped, and counted. */
const maxWaiting = 2048;

/** @param instead where everything goes when the sink cannot be made */
export function createLateSink(make: () => Promise<Sink>, instead: Sink): Sink {
  const waiting: ((sink: Sink) => void)[] = [];
  let dropped = 0;
  let made: Sink | undefined;
  let making: Promise<void> | undefined;
  const begin = async () => {
    made = await make().catch(() => instead);
    for (const give of waiting.splice(0)) give(made);
    if (dropped === 0) return;
    made.measure({ metric: 'auditkeep.dropped', value: dropped, dimensions: { reason: 'full' } });
  };
  const pass = (give: (sink: Sink) => void) => {
    if (made !== undefined) {
      give(made);
      return;
    }
    if (waiting.length < maxWaiting) waiting.push(give);
    else dropped++;
    making ??= begin();
  };
  return {
    event: (event) => {
      pass((sink) => {
        sink.event(event);
      });
    },
    measure: (measurement) => {
      pass((sink) => {
        sink.measure(measurement);
      });
    },
    flush: async () => {
      await making;
      await made?.flush();
    },
  };
}
