/** What Microsoft publishes in a run: the same seed plans the same history. */
import { createRandom, seedOf, type Random } from '../simulator/random.ts';
import { dayMs, hourMs, minuteMs } from '../support/clock.ts';

/**
 * What becomes of content, and how much of it. All of it is ordinary apart from that.
 * - `growing`: listed while it would be served without its end
 * - `vanishing`: listed, and gone when it is fetched
 * - `repeated`: what was published at least a day before, under another ID
 * - `late`: published hours after its contentCreated
 */
const shares = { growing: 0.08, vanishing: 0.03, repeated: 0.06, late: 0.05 } as const;
export type ContentKind = 'ordinary' | keyof typeof shares;

export const contentTypes = ['Audit.Exchange', 'Audit.SharePoint'] as const;
type ContentType = (typeof contentTypes)[number];

export interface PlannedContent {
  /** Unique in the history. */
  readonly number: number;
  readonly tenant: number;
  readonly contentType: ContentType;
  readonly kind: ContentKind;
  /** Where in its round it becomes available, from 0 to 1; late content is this many milliseconds older instead. */
  readonly place: number;
  readonly lateMs: number;
  readonly records: number;
  /** Number of the content whose records it repeats. */
  readonly repeats: number | undefined;
}

export interface Round {
  /** How far the clock moves. */
  readonly stepMs: number;
  readonly contents: readonly PlannedContent[];
}

export interface Sizes {
  readonly seed: number;
  readonly tenants: number;
  readonly blobs: number;
  readonly rounds: number;
}

const stepMs = 5 * minuteMs;
/** Hosts sleep through the night three times: time for content to be old, and the feed lists only seven days. */
const nightMs = 11 * hourMs;
const nights = 3;
const maxRecords = 5;

/** The part of a whole that belongs to one of so many rounds. */
export function portion(whole: number, at: number, rounds: number): number {
  return Math.round((whole * (at + 1)) / rounds) - Math.round((whole * at) / rounds);
}

/** After the rounds come spare ones. */
const spareRounds = 12;

export function planHistory({ seed, tenants, blobs, rounds }: Sizes): readonly Round[] {
  const random = createRandom(seedOf(seed, 'history'));
  const steps = Array.from({ length: rounds + spareRounds }, (_, at) =>
    isNight(at, rounds) ? nightMs : stepMs,
  );
  let [number, elapsedMs] = [0, 0];
  const repeatable: Repeatable[] = [];
  return steps.map((step, at) => {
    elapsedMs += step;
    const count = portion(blobs, at, rounds);
    const contents = Array.from({ length: count }, () =>
      planContent(random, { number: number++, tenants, elapsedMs, repeatable }),
    );
    const found = contents.filter(({ kind }) => kind === 'ordinary');
    repeatable.push(...found.map((content) => ({ content, elapsedMs })));
    return { stepMs: step, contents };
  });
}

function isNight(at: number, rounds: number): boolean {
  return at > 0 && at < rounds && at % Math.ceil(rounds / (nights + 1)) === 0;
}

interface Repeatable {
  readonly content: PlannedContent;
  readonly elapsedMs: number;
}

interface Planning {
  readonly number: number;
  readonly tenants: number;
  readonly elapsedMs: number;
  readonly repeatable: readonly Repeatable[];
}

function planContent(random: Random, { number, tenants, elapsedMs, repeatable }: Planning): PlannedContent {
  const wanted = kindOf(random);
  const old = repeatable.filter((one) => one.elapsedMs < elapsedMs - dayMs);
  if (wanted === 'repeated' && old.length > 0) {
    const { content } = random.pick(old);
    return { ...content, ...{ number, kind: wanted, repeats: content.number, place: 1 - random.next() } };
  }
  const kind = wanted === 'repeated' ? 'ordinary' : wanted;
  return {
    ...{ number, kind, repeats: undefined },
    tenant: random.integer(0, tenants - 1),
    contentType: random.pick(contentTypes),
    place: 1 - random.next(),
    lateMs: kind === 'late' ? random.integer(hourMs, 5 * hourMs) : 0,
    records: random.integer(1, maxRecords),
  };
}

function kindOf(random: Random): ContentKind {
  let left = random.next();
  for (const kind of ['growing', 'vanishing', 'repeated', 'late'] as const) {
    left -= shares[kind];
    if (left < 0) return kind;
  }
  return 'ordinary';
}
