/** Which calls of a port carried which budget. */

/** Wraps a port: each call adds `name of the method` and its last argument. */
export function recordLastArguments<T extends object>(
  port: T,
  calls: (readonly [method: string, last: unknown])[],
): T {
  return new Proxy(port, {
    get(target, name, receiver): unknown {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        calls.push([String(name), args.at(-1)]);
        return Reflect.apply(member, target, args);
      };
    },
  });
}
