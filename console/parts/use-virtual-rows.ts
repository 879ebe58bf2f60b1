import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useReducer, useState } from 'preact/hooks';

export interface VirtualRows {
  /** Those in sight, a few around them, and the active one. */
  readonly rows: readonly VirtualItem[];
  /** Of all rows, in pixels. */
  readonly height: number;
  /** -1 if there is none. */
  readonly lastInSight: number;
  readonly show: (index: number) => void;
}

/** @param active a row that exists even out of sight, so that the focus in it is not lost */
export function useVirtualRows(
  scroller: RefObject<HTMLDivElement>,
  {
    count,
    rowHeight,
    active,
  }: { readonly count: number; readonly rowHeight: number; readonly active: number },
): VirtualRows {
  const [, update] = useReducer<number, undefined>((times) => times + 1, 0);
  const options = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    rangeExtractor: (range: Parameters<typeof defaultRangeExtractor>[0]) =>
      [...new Set([...defaultRangeExtractor(range), Math.min(active, Math.max(count - 1, 0))])].sort(
        (a, b) => a - b,
      ),
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => {
      update(undefined);
    },
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLDivElement, HTMLDivElement>(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => {
    virtualizer._willUpdate();
  });
  return {
    rows: count === 0 ? [] : virtualizer.getVirtualItems(),
    height: virtualizer.getTotalSize(),
    lastInSight: virtualizer.range?.endIndex ?? -1,
    show: (index) => {
      virtualizer.scrollToIndex(index);
    },
  };
}
