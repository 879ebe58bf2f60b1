/** Faults on demand: the program crashes, or storage fails, at any call of a port. */

/** The program ended here: every later call of its ports fails as well. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** What happens at a step: the program ends before or after it, or the step fails with an error. */
export type Fault = 'crashBefore' | 'crashAfter' | Error | undefined;

export interface Faults {
  /** Wraps a port: each call of a method is a step, at which a fault may happen. */
  inject<T extends object>(name: string, port: T): T;
  /** The steps taken so far: `ledger.settle`. */
  readonly steps: readonly string[];
}

/** @param faultAt decides by the step's name and its number, from 0 */
export function createFaults(faultAt: (step: string, index: number) => Fault = () => undefined): Faults {
  const steps: string[] = [];
  let ended = false;
  const end = (): never => {
    ended = true;
    throw new Crash('The program ended.');
  };
  async function take(step: string, call: () => unknown): Promise<unknown> {
    if (ended) end();
    const fault = faultAt(step, steps.push(step) - 1);
    if (fault instanceof Error) throw fault;
    if (fault === 'crashBefore') end();
    const result = await call();
    return fault === 'crashAfter' ? end() : result;
  }
  return {
    steps,
    inject: (name, port) =>
      new Proxy(port, {
        get(target, key) {
          const member: unknown = Reflect.get(target, key);
          if (typeof member !== 'function') return member;
          return (...args: unknown[]) =>
            iterable(take(`${name}.${String(key)}`, () => Reflect.apply(member, target, args) as unknown));
        },
      }),
  };
}

/** The same promise; if it is of an async iterable, it can be iterated without being awaited, like the port's own. */
function iterable(result: Promise<unknown>): Promise<unknown> {
  async function* iterate() {
    const found = await result;
    if (isIterable(found)) yield* found;
  }
  return Object.assign(result, { [Symbol.asyncIterator]: iterate });
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/** Ends the program at the step of this number. */
export function crashAt(index: number, fault: 'crashBefore' | 'crashAfter'): Faults {
  return createFaults((_step, at) => (at === index ? fault : undefined));
}

/** Fails the first call of one method. */
export function failNext(step: string, error: Error): Faults {
  let failed = false;
  return createFaults((name) => {
    if (failed || name !== step) return undefined;
    failed = true;
    return error;
  });
}
