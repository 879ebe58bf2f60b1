/** Bounds how many texts of records all queries of a process hold in memory at once. */
import pLimit from 'p-limit';

/**
 * One page is read while another is filtered. Each has at most 1,000 rows of 64 KB, usually of 2 KB; more of them would
 * not be filtered faster, as there is one thread.
 */
const pagesHeld = 3;
/** Texts that do not fit into a row; up to 16 MiB of each are searched. */
const largeTextsHeld = 4;

/** Runs what reads and filters a page of rows with their texts. An export keeps the packed rows of its page afterwards. */
export const whileHoldingPage = pLimit(pagesHeld);
/**
 * Whether one page is held and none is pending: then the next page of the same search may be read while it is
 * filtered. Others may begin meanwhile, so up to one page more than the limit is held.
 */
export const isOnlyPage = () => whileHoldingPage.activeCount === 1 && whileHoldingPage.pendingCount === 0;
/** Runs what reads a large text, and does not keep it. */
export const whileHoldingLargeText = pLimit(largeTextsHeld);
