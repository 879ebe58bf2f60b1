/** How large and slow a package may be, and when it cannot be deployed. */

/** Every cold start reads and compiles the bundle. */
export const targets = { bundleBytes: 2 * 1024 * 1024, loadMs: 300 } as const;

interface PackageFacts {
  readonly bundleBytes: number;
  readonly medianMs: number;
  readonly functions: readonly unknown[];
}

/** `broken` must not be deployed; on a busy machine the load time in `overTarget` says little. */
export function findFaults({ bundleBytes, medianMs, functions }: PackageFacts) {
  const large =
    bundleBytes > targets.bundleBytes && `The bundle is larger than ${kilobytes(targets.bundleBytes)}`;
  const slow = medianMs > targets.loadMs && `The bundle takes longer to load than ${targets.loadMs} ms`;
  return {
    broken: functions.length === 0 ? ['The bundle registers no function'] : [],
    overTarget: [large, slow].filter((fault) => fault !== false),
  };
}

export function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KiB`;
}
