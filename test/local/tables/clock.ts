/** Timestamps of rows, of which the service makes each only once, and the ETags made of them. */

const ticksPerMillisecond = 10_000;

/** Returns ISO 8601 with seven decimals, always later than the one before. */
export type RowClock = () => string;

export function createRowClock(now: () => number = Date.now): RowClock {
  let last = 0n;
  return () => {
    const ticks = BigInt(now()) * BigInt(ticksPerMillisecond);
    last = ticks > last ? ticks : last + 1n;
    const milliseconds = Number(last / BigInt(ticksPerMillisecond));
    const rest = String(last % BigInt(ticksPerMillisecond)).padStart(4, '0');
    return new Date(milliseconds).toISOString().replace('Z', `${rest}Z`);
  };
}

export function etagOf(timestamp: string): string {
  return `W/"datetime'${encodeURIComponent(timestamp)}'"`;
}
