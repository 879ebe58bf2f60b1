/** Rows of one partition range, month after month, newest first, read page by page within a budget. */
import type { Month } from '../index/keys.ts';
import type { IndexRow, RecordIndex, Scan } from '../index/record-index.ts';

/** What one page may cost; shared by all its streams. */
export interface ReadBudget {
  /** Takes one storage request; false when none is left or time is up. */
  spend(): boolean;
  readonly requests: number;
  readonly rowsRead: number;
  count(rows: number): void;
}

/** `row`: one is waiting; `end`: there are no more; `blocked`: the budget is spent, there may be more. */
export type StreamState = 'row' | 'end' | 'blocked';

export interface RowStream {
  /** Reads on until a row waits, the end, or the budget's end. */
  advance(): Promise<StreamState>;
  /** The waiting row, without taking it. */
  peek(): IndexRow | undefined;
  take(): IndexRow | undefined;
  /** Where to go on searching, for a stream that has no row to show; undefined otherwise. */
  searching(): SearchPosition | undefined;
}

/** A month, and storage's token within it; an empty token is the month's beginning. */
export interface SearchPosition {
  readonly month: Month;
  readonly token: string;
}

/** Where a stream is that has come to its end. */
const beforeAllMonths: Month = '000000';

export interface RowStreamOptions {
  readonly index: RecordIndex;
  readonly tenantId: string;
  readonly scan: Omit<Scan, 'month' | 'token' | 'pageSize'>;
  /** Newest first. */
  readonly months: readonly Month[];
  readonly resume?: SearchPosition | undefined;
  readonly budget: ReadBudget;
  /** Rows worth reading at once, asked anew for every page. */
  readonly pageSize: () => number;
}

export function createRowStream(options: RowStreamOptions): RowStream {
  const { index, tenantId, budget, resume } = options;
  const months =
    resume === undefined ? [...options.months] : options.months.filter((month) => month <= resume.month);
  let token = resume?.token === '' ? undefined : resume?.token;
  let waiting: readonly IndexRow[] = [];
  let at = 0;

  async function readPage(month: Month): Promise<void> {
    const scan: Scan = { ...options.scan, month, token, pageSize: options.pageSize() };
    const page = await index.scan(tenantId, scan);
    budget.count(page.rows.length);
    waiting = page.rows;
    at = 0;
    token = page.token;
    if (token === undefined) months.shift();
  }

  return {
    async advance() {
      while (at >= waiting.length) {
        const month = months[0];
        if (month === undefined) return 'end';
        if (!budget.spend()) return 'blocked';
        await readPage(month);
      }
      return 'row';
    },
    peek: () => waiting[at],
    take: () => waiting[at++],
    searching() {
      if (at < waiting.length) return undefined;
      return { month: months[0] ?? beforeAllMonths, token: token ?? '' };
    },
  };
}
