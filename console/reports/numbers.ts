/** Numbers as reports show them. */

export function countText(count: number): string {
  return count.toLocaleString('en-US', { maximumFractionDigits: 1 });
}

const units = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;

/** `1.5 MB`: 1,024 of each unit are one of the next. */
export function bytesText(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${countText(bytes / 1024 ** power)} ${units[power] ?? ''}`;
}
