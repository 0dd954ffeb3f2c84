/** A chart beside the report: SVG text. */
export interface Chart {
  /** Name of the file in `bench/charts/`, without `.svg`. */
  file: string;
  /** What a reader who cannot see it should know. */
  alt: string;
  svg: string;
}

/** A figure that something is asked of; nearly always a ratio of two measurements of the same run. */
export interface Figure {
  name: string;
  value: number;
  /** At most, or at least; both in the unit of `value`. Without either it is only reported. */
  atMost?: number;
  atLeast?: number;
  /** `ms`, `MB`, …; none for a ratio. */
  unit?: string;
}

/** One chapter of `bench/REPORT.md`. */
export interface Section {
  title: string;
  figures: readonly Figure[];
  /** Markdown: the tables, how it was measured, and what it means. */
  text: string;
  charts?: readonly Chart[];
}

/** How long a benchmark may take: `quick` tries each part once and says nothing about speed; it is there to keep benchmarks running. */
export type Effort = 'quick' | 'full';

/** A benchmark: measures, and cleans up after itself. */
export type Measure = (effort: Effort) => Promise<Section>;
