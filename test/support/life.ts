/** One life of the program: it may end, or storage may fail, at any call of a port. */

/** The program ended here; calls of its ports return nothing more. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** What happens at a step: the program ends before or after it, or the step fails with an error. */
export type Fate = 'endBefore' | 'endAfter' | Error | undefined;

export interface Life {
  /** The port as this life of the program sees it: each call of a method is a step. */
  live<T extends object>(name: string, port: T): T;
  /** The steps taken so far: `ledger.settle`. */
  readonly steps: readonly string[];
}

/** @param fateOf decides by the step's name and its number, from 0 */
export function createLife(fateOf: (step: string, index: number) => Fate = () => undefined): Life {
  const steps: string[] = [];
  let ended = false;
  const end = (): never => {
    ended = true;
    throw new Crash('The program ended.');
  };
  async function take(step: string, call: () => unknown): Promise<unknown> {
    if (ended) end();
    const fate = fateOf(step, steps.push(step) - 1);
    if (fate instanceof Error) throw fate;
    if (fate === 'endBefore') end();
    const result = await call();
    return fate === 'endAfter' ? end() : result;
  }
  return {
    steps,
    live: (name, port) =>
      new Proxy(port, {
        get(target, key) {
          const member: unknown = Reflect.get(target, key);
          if (typeof member !== 'function') return member;
          return (...args: unknown[]) =>
            take(`${name}.${String(key)}`, () => Reflect.apply(member, target, args) as unknown);
        },
      }),
  };
}

/** Ends the program at the step of this number. */
export function endingAt(index: number, fate: 'endBefore' | 'endAfter'): Life {
  return createLife((_step, at) => (at === index ? fate : undefined));
}

/** Fails the first call of one method. */
export function failingNext(step: string, error: Error): Life {
  let failed = false;
  return createLife((name) => {
    if (failed || name !== step) return undefined;
    failed = true;
    return error;
  });
}
