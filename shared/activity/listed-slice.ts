/** What listing a slice of a window to its end says. */

/** A slice that was listed to its end, and the moment through which its listing is complete. */
export interface ListedSlice {
  readonly start: Date;
  readonly end: Date;
  readonly through: Date;
  /** When its first page was requested, or answered by Microsoft's clock if that is earlier: never later than it was. */
  readonly requestedAt: Date;
  /** When its last page was answered, by Microsoft's clock; undefined if that does not say. */
  readonly answeredAt: Date | undefined;
}
