/** A sink that is created when it is first needed. */
import type { Sink } from './sink.ts';

/** The most events and measurements that wait for the sink; more are dropped and counted. */
const maxWaiting = 2048;

/** @param fallback used when the sink cannot be created */
export function createLazySink(create: () => Promise<Sink>, fallback: Sink): Sink {
  const waiting: ((sink: Sink) => void)[] = [];
  let dropped = 0;
  let sink: Sink | undefined;
  let creating: Promise<void> | undefined;
  const begin = async () => {
    sink = await create().catch(() => fallback);
    for (const send of waiting.splice(0)) send(sink);
    if (dropped === 0) return;
    sink.measure({ metric: 'auditkeep.dropped', value: dropped, dimensions: { reason: 'full' } });
  };
  const pass = (send: (sink: Sink) => void) => {
    if (sink !== undefined) {
      send(sink);
      return;
    }
    if (waiting.length < maxWaiting) waiting.push(send);
    else dropped++;
    creating ??= begin();
  };
  return {
    event: (event) => {
      pass((to) => {
        to.event(event);
      });
    },
    measure: (measurement) => {
      pass((to) => {
        to.measure(measurement);
      });
    },
    flush: async () => {
      await creating;
      await sink?.flush();
    },
  };
}
