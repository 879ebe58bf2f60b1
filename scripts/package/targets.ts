/** How large and slow a package may be, and when it cannot be deployed. */

/** Every cold start reads and compiles the bundle. */
export const targets = { bundleBytes: 2 * 1024 * 1024, loadMs: 300 } as const;

interface PackageFacts {
  readonly bundleBytes: number;
  readonly medianMs: number;
  readonly functions: readonly unknown[];
}

/**
 * `broken` must not be deployed; `overTarget` does not depend on the machine; `notices` do, so they fail nothing.
 */
export function findFaults({ bundleBytes, medianMs, functions }: PackageFacts) {
  const large =
    bundleBytes > targets.bundleBytes && `The bundle is larger than ${kilobytes(targets.bundleBytes)}`;
  const slow =
    medianMs > targets.loadMs &&
    `The bundle took longer to load here than ${targets.loadMs} ms, which a busy machine explains`;
  return {
    broken: functions.length === 0 ? ['The bundle registers no function'] : [],
    overTarget: large === false ? [] : [large],
    notices: slow === false ? [] : [slow],
  };
}

export function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KiB`;
}
