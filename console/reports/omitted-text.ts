/** In place of rows that are counted and not listed. */
export function omittedText(omitted: number): string {
  return `${omitted.toLocaleString('en-US')} more ${omitted === 1 ? 'row is' : 'rows are'} counted, and not listed.`;
}
