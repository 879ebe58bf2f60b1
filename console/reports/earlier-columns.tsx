/** What lists of reports say of each, whether it is about one tenant or several. */
import type { Column } from '../parts/data-table.tsx';
import { Moment } from '../parts/moment.tsx';
import type { ReportView } from './queries.ts';

/** In pixels: a time in UTC and in that of the reader, and who requested it. */
export const rowHeight = 68;

export const rangeColumn: Column<Pick<ReportView, 'from' | 'to'>> = {
  id: 'range',
  title: 'Range (UTC)',
  width: 'minmax(12rem, 1fr)',
  render: ({ from, to }) => (
    <span class="two-lines">
      <span>From {from.slice(0, 16).replace('T', ' ')}</span>
      <span>before {to.slice(0, 16).replace('T', ' ')}</span>
    </span>
  ),
  isExtra: true,
};

export const requestedColumn: Column<Pick<ReportView, 'createdDateTime' | 'createdBy'>> = {
  id: 'requested',
  title: 'Requested',
  width: 'minmax(15rem, 1.5fr)',
  render: ({ createdDateTime, createdBy }) => (
    <span class="two-lines">
      <Moment at={createdDateTime} />
      <span class="fine">by {createdBy}</span>
    </span>
  ),
  isExtra: true,
};
