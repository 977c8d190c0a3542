/** What was measured at a moment. */
export interface Point {
  readonly atMs: number;
  readonly value: number;
}

const MINUTE_MS = 60_000;

/** Least squares: by how much the value grows in a minute. 0 where there are too few points to tell. */
export function slopePerMinute(points: readonly Point[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
  const atMs = mean(points.map((point) => point.atMs));
  const value = mean(points.map((point) => point.value));
  const spread = points.reduce((sum, point) => sum + (point.atMs - atMs) ** 2, 0);
  const common = points.reduce((sum, point) => sum + (point.atMs - atMs) * (point.value - value), 0);
  return spread > 0 ? (common / spread) * MINUTE_MS : 0;
}
