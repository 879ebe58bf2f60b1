/** A value that tests can change while the simulator runs. */

export interface Cell<T> {
  get(): T;
  /** Replaces the given properties; absent and undefined ones stay unchanged. */
  patch(change: { readonly [K in keyof T]?: T[K] | undefined }): void;
}

export const createCell = <T extends object>(initial: T): Cell<T> => {
  let current = initial;
  return {
    get: () => current,
    patch: (change) => {
      const given = Object.entries(change).filter(([, value]) => value !== undefined);
      current = { ...current, ...Object.fromEntries(given) };
    },
  };
};
