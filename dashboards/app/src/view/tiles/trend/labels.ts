// Puts each label beside its line's end, apart from each other and inside the chart.

/** The top of each label, given where its line ends; null stands for a line without any value. */
export function labelTops(ends: (number | null)[], heights: number[], height: number): number[] {
  const order = ends.map((end, index) => {
    const own = heights[index] || 0;
    return { index, own, wish: (end === null ? height : end) - own / 2 };
  });
  order.sort((a, b) => a.wish - b.wish || a.index - b.index);
  // Down from the top, then up from the bottom, so that none overlaps and all stay inside.
  let free = 0;
  for (const label of order) {
    label.wish = Math.max(label.wish, free);
    free = label.wish + label.own;
  }
  let limit = height;
  for (const label of order.slice().reverse()) {
    label.wish = Math.min(label.wish, limit - label.own);
    limit = label.wish;
  }
  const tops: number[] = [];
  for (const label of order) tops[label.index] = label.wish;
  return tops;
}

export function placeLabels(holder: HTMLElement, ends: (number | null)[], heights: number[], height: number): void {
  labelTops(ends, heights, height).forEach((top, index) => {
    const label = holder.children[index] as HTMLElement | undefined;
    if (label) label.style.top = `${Math.round(top)}px`;
  });
}
