/** Pictures of 16 by 16. They are never alone: a word says the same. */

const paths = {
  check: 'M3 8.5l3.2 3.2L13 5',
  warning: 'M8 2.2L14.4 13.5H1.6zM8 6.5v3.4M8 11.7v.3',
  error: 'M8 1.8a6.2 6.2 0 100 12.4A6.2 6.2 0 008 1.8zM5.7 5.7l4.6 4.6M10.3 5.7l-4.6 4.6',
  info: 'M8 1.8a6.2 6.2 0 100 12.4A6.2 6.2 0 008 1.8zM8 7.3v4M8 4.7v.3',
  clock: 'M8 1.8a6.2 6.2 0 100 12.4A6.2 6.2 0 008 1.8zM8 4.5V8l2.5 1.8',
  none: 'M3.5 8h9',
  people:
    'M6 7.5a2.5 2.5 0 100-5 2.5 2.5 0 000 5zM1.8 13.5c0-2.6 1.9-4 4.2-4s4.2 1.4 4.2 4M10.5 7.4a2.2 2.2 0 10-.8-4.2M11.6 9.6c1.6.4 2.6 1.7 2.6 3.7',
  search: 'M7 2.5a4.5 4.5 0 100 9 4.5 4.5 0 000-9zM10.4 10.4l3.3 3.3',
  investigation: 'M2.5 13.5V8M6.2 13.5V2.5M9.8 13.5V6M13.5 13.5V10',
  report: 'M4 1.8h5.5L12.5 5v9.2H4zM9 2v3.3h3.3M6 8.5h4.5M6 11h4.5',
  ingestion: 'M8 2v7.5M4.8 6.6L8 9.8l3.2-3.2M2.5 13.5h11',
  alert: 'M8 2a4 4 0 00-4 4v3l-1.3 2.3h10.6L12 9V6a4 4 0 00-4-4zM6.6 13.4a1.5 1.5 0 002.8 0',
  flag: 'M4 14.2V2.300M4 2.800h8.300l-2 2.900 2 2.900H4',
  access:
    'M10.3 2.2a3.5 3.5 0 00-3.3 4.6L2.2 11.600v2.200h2.200l.8-.8v-1.500h1.500l2.400-2.400a3.500 3.500 0 10.2-6.900zM11.300 5.200h.010',
  chevron: 'M6 3.500L10.500 8 6 12.500',
  sortUp: 'M8 13V3.500M4.500 7L8 3.500 11.500 7',
  sortDown: 'M8 3v9.500M4.500 9L8 12.500 11.500 9',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.3"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
