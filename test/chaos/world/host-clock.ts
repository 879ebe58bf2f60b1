/**
 * Loaded into a host before the app: its clocks are this machine's, moved by what a file says. Time that has passed moves
 * both clocks; a wall clock that was set wrong moves only that one.
 */
import { readFileSync } from 'node:fs';
import * as z from 'zod';

const file = process.env['CHAOS_CLOCK_FILE'] ?? '';
const readEveryMs = 20;
const machineNow = Date.now.bind(Date);
const machineElapsed = performance.now.bind(performance);

const movedSchema = z.object({ elapsedMs: z.number(), startMs: z.number(), skewMs: z.number() });
let moved = { elapsedMs: 0, startMs: 0, skewMs: 0 };
let readAt = -Infinity;

function read(): typeof moved {
  const at = machineElapsed();
  if (at - readAt < readEveryMs) return moved;
  readAt = at;
  moved = movedSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return moved;
}

function now(): number {
  const { elapsedMs, startMs, skewMs } = read();
  return machineNow() + startMs + elapsedMs + skewMs;
}

performance.now = () => machineElapsed() + read().elapsedMs;

globalThis.Date = new Proxy(Date, {
  construct: (target, args: unknown[], newTarget) => {
    const made: unknown = Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget);
    return z.instanceof(target).parse(made);
  },
  apply: () => new Date(now()).toString(),
  get: (target, key, receiver) => (key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown)),
});
