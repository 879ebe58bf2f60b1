import { useId, useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { utcOf } from '../parts/moments.ts';
import { countText } from '../reports/numbers.ts';
import { momentText } from './completeness.ts';
import { brushed, movedBrush, type Brush, type TimeBar } from './time-bars.ts';

interface HistogramProps {
  readonly bars: readonly TimeBar[];
  readonly onChoose: (part: TimeBar) => void;
}

/**
 * Bars over time. Dragging over them, or arrows with Shift and then Enter, chooses a part; the same numbers are in a table.
 */
export function Histogram({ bars, onChoose }: HistogramProps) {
  const [brush, setBrush] = useState<Brush>();
  const part = brush && brushed(bars, brush);
  if (bars.length === 0) return undefined;
  return (
    <>
      <Bars {...{ bars, brush, setBrush, onChoose }} />
      <div class="histogram-ends fine" aria-hidden="true">
        <span>{utcOf(new Date(bars[0]?.from ?? 0))} UTC</span>
        <span>{utcOf(new Date(bars.at(-1)?.to ?? 0))} UTC</span>
      </div>
      <div class="histogram-part" role="status">
        {part === undefined ? (
          <p class="fine">
            Drag over the bars, or use the arrow keys with Shift and then Enter, to search a part.
          </p>
        ) : (
          <>
            <p class="fine">{partText(part)}</p>
            <Button
              onClick={() => {
                onChoose(part);
              }}
            >
              Search this time
            </Button>
          </>
        )}
      </div>
      <Numbers bars={bars} />
    </>
  );
}

function partText({ from, to, count }: TimeBar): string {
  return `${momentText(from)} to ${momentText(to)}: ${recordsText(count)}`;
}

function recordsText(count: number): string {
  return count === 1 ? '1 record' : `${countText(count)} records`;
}

/** In units of the picture, whose width is that of the page. */
const height = 72;
const barWidth = 10;

interface BarsProps extends HistogramProps {
  readonly brush: Brush | undefined;
  readonly setBrush: (brush: Brush | undefined) => void;
}

function Bars({ bars, brush, setBrush, onChoose }: BarsProps) {
  const id = useId();
  const top = bars.reduce((most, { count }) => Math.max(most, count), 1);
  const choose = () => {
    const part = brush && brushed(bars, brush);
    if (part !== undefined) onChoose(part);
  };
  const [first, last] =
    brush === undefined
      ? [0, -1]
      : [Math.min(brush.anchor, brush.focus), Math.max(brush.anchor, brush.focus)];
  const dragging = useDragging({ count: bars.length, brush, setBrush, choose });
  return (
    <svg
      {...dragging}
      class="histogram"
      viewBox={`0 0 ${bars.length * barWidth} ${height}`}
      preserveAspectRatio="none"
      role="listbox"
      aria-label="Records over time"
      aria-multiselectable="true"
      aria-orientation="horizontal"
      // As SVG writes it: the other form would be an unknown attribute.
      tabindex={0}
      aria-activedescendant={brush && `${id}-${brush.focus}`}
      onKeyDown={(event) => {
        if (!pressed(event, { count: bars.length, brush, setBrush, choose })) return;
        event.preventDefault();
        // Escape would also close the record that is open.
        event.stopPropagation();
      }}
    >
      {bars.map((bar, at) => (
        <g
          key={bar.from}
          id={`${id}-${at}`}
          role="option"
          aria-selected={at >= first && at <= last}
          aria-label={`${utcOf(new Date(bar.from))} UTC: ${recordsText(bar.count)}`}
        >
          <rect class="slot" x={at * barWidth} y={0} width={barWidth} height={height} />
          <rect {...shapeOf(bar, at, top)} class="bar" />
        </g>
      ))}
    </svg>
  );
}

interface Choosing extends Pick<BarsProps, 'brush' | 'setBrush'> {
  readonly count: number;
  readonly choose: () => void;
}

/** Whether the key was one of the bars'. */
function pressed({ key, shiftKey }: KeyboardEvent, { count, brush, setBrush, choose }: Choosing): boolean {
  const from = brush ?? { anchor: count, focus: count };
  const moved = movedBrush(from, { key, isExtending: shiftKey && brush !== undefined }, count);
  if (moved !== undefined) setBrush(moved);
  else if (brush === undefined) return false;
  else if (key === 'Enter') choose();
  else if (key === 'Escape') setBrush(undefined);
  else return false;
  return true;
}

type BarsEvent = PointerEvent & { readonly currentTarget: SVGSVGElement };

function useDragging({ count, brush, setBrush, choose }: Choosing) {
  const [isDragging, setDragging] = useState(false);
  return {
    onPointerDown: (event: BarsEvent) => {
      if (event.button !== 0) return;
      const at = placeOf(event, count);
      event.currentTarget.setPointerCapture(event.pointerId);
      setDragging(true);
      setBrush({ anchor: at, focus: at });
    },
    onPointerMove: (event: BarsEvent) => {
      if (isDragging && brush !== undefined) setBrush({ ...brush, focus: placeOf(event, count) });
    },
    onPointerUp: () => {
      setDragging(false);
      if (isDragging) choose();
    },
    onPointerCancel: () => {
      setDragging(false);
      setBrush(undefined);
    },
  };
}

/** What is not nothing is seen. */
function shapeOf({ count }: TimeBar, at: number, top: number) {
  const tall = count === 0 ? 0 : Math.max(2, (count / top) * (height - 4));
  return { x: at * barWidth + 1, y: height - tall, width: barWidth - 2, height: tall };
}

function placeOf(event: BarsEvent, count: number): number {
  const { left, width } = event.currentTarget.getBoundingClientRect();
  const place = Math.floor(((event.clientX - left) / Math.max(1, width)) * count);
  return Math.max(0, Math.min(count - 1, place));
}

function Numbers({ bars }: { readonly bars: readonly TimeBar[] }) {
  return (
    <details>
      <summary>Numbers</summary>
      <div class="scroll-x histogram-numbers" role="region" aria-label="Numbers over time" tabIndex={0}>
        <table class="plain-table">
          <thead>
            <tr>
              <th scope="col">From (UTC)</th>
              <th scope="col">To (UTC, not included)</th>
              <th scope="col">Records</th>
            </tr>
          </thead>
          <tbody>
            {bars.map(({ from, to, count }) => (
              <tr key={from}>
                <th scope="row">{utcOf(new Date(from))}</th>
                <td>{utcOf(new Date(to))}</td>
                <td>{countText(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
