/** Durations as ISO 8601 writes them, without years and months, whose length varies. */

const pattern = /^P(?=.)(?:(\d{1,3})D)?(?:T(?=.)(?:(\d{1,4})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/;

export const millisecondsOfDay = 86_400_000;

/** In milliseconds, such as 900,000 of `PT15M`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const groups: readonly (string | undefined)[] = match.slice(1);
  const [days, hours, minutes, seconds] = groups.map((digits) => Number(digits ?? 0));
  const inSeconds = (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
  return inSeconds * 1000;
}
