import { visibleText } from '../../shared/visible-text.ts';
import { bounded } from '../parts/bounded.ts';
import { Text } from '../parts/text.tsx';
import { barsOf, box, labelsOf, linesOf, topOf, yOf, type ChartContent } from './chart-shapes.ts';
import { countText } from './numbers.ts';

const labelCharacters = 14;

/** A picture for the eye, and the same numbers as a table for everyone. */
export function Chart({ chart }: { readonly chart: ChartContent }) {
  return (
    <figure class="report-chart">
      <figcaption>
        <Text>{chart.title}</Text>
      </figcaption>
      <Picture chart={chart} />
      <ul class="legend" aria-hidden="true">
        {chart.series.map(({ name, title }, at) => (
          <li key={name}>
            <i class={`s${at}`} />
            <Text>{title}</Text>
          </li>
        ))}
      </ul>
      <Numbers chart={chart} />
    </figure>
  );
}

function Picture({ chart }: { readonly chart: ChartContent }) {
  const top = topOf(chart);
  return (
    <svg
      viewBox={`0 0 ${box.width} ${box.height}`}
      role="img"
      aria-label={`${visibleText(chart.title)}. Its numbers are in the table below.`}
    >
      {[0, 0.5, 1].map((share) => (
        <Level key={share} value={share * top} y={yOf(share * top, top)} />
      ))}
      {chart.kind === 'lines'
        ? linesOf(chart, top).map((points, at) => <polyline key={at} class={`l${at}`} points={points} />)
        : barsOf(chart, top).map(({ series, ...place }, at) => (
            <rect key={at} class={`s${series}`} {...place} />
          ))}
      {labelsOf(chart).map(({ x, text }) => (
        <text key={x} x={x} y={box.height - 8} text-anchor="middle">
          {visibleText(bounded(text, labelCharacters))}
        </text>
      ))}
    </svg>
  );
}

function Level({ value, y }: { readonly value: number; readonly y: number }) {
  return (
    <>
      <line class="grid" x1={box.left} x2={box.width - box.right} y1={y} y2={y} />
      <text text-anchor="end" x={box.left - 6} y={y + 4}>
        {countText(value)}
      </text>
    </>
  );
}

function Numbers({ chart: { x, series, title } }: { readonly chart: ChartContent }) {
  return (
    <details>
      <summary>Numbers</summary>
      <div class="scroll-x" role="region" aria-label={`Numbers: ${visibleText(title)}`} tabIndex={0}>
        <table class="plain-table report-table">
          <thead>
            <tr>
              <th scope="col">
                <Text>{x.title}</Text>
              </th>
              {series.map(({ name, title: text }) => (
                <th key={name} scope="col" class="count">
                  <Text>{text}</Text>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {x.values.map((value, at) => (
              <tr key={at}>
                <th scope="row">
                  <Text>{value}</Text>
                </th>
                {series.map(({ name, values }) => (
                  <td key={name} class="count">
                    {countText(values[at] ?? 0)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
