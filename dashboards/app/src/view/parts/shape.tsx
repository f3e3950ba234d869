// The shapes that stand beside colour: a check, a triangle, a square, a ring. Drawn, not typed:
// a TV's fonts may lack the signs.

export type ShapeName = "good" | "warn" | "bad" | "none";

const DRAWINGS: Record<ShapeName, preact.JSX.Element> = {
  good: (
    <g>
      <circle cx="12" cy="12" r="11" fill="currentColor" />
      <path d="M7 12.4l3.4 3.4L17 9" fill="none" stroke="#0b0f14" stroke-width="2.8" stroke-linecap="round" stroke-linejoin="round" />
    </g>
  ),
  warn: (
    <g>
      <path d="M12 1.8L23.2 21.4H.8z" fill="currentColor" stroke="currentColor" stroke-width="1.2" stroke-linejoin="round" />
      <path d="M12 8.6v6" stroke="#0b0f14" stroke-width="2.6" stroke-linecap="round" />
      <circle cx="12" cy="18.2" r="1.5" fill="#0b0f14" />
    </g>
  ),
  bad: (
    <g>
      <rect x="1.5" y="1.5" width="21" height="21" rx="3" fill="currentColor" />
      <path d="M8 8l8 8M16 8l-8 8" stroke="#0b0f14" stroke-width="2.8" stroke-linecap="round" />
    </g>
  ),
  none: <circle cx="12" cy="12" r="9" fill="none" stroke="currentColor" stroke-width="3" stroke-dasharray="4 4" />,
};

export function Shape({ name }: { name: ShapeName }) {
  return (
    <svg class="shape" viewBox="0 0 24 24" aria-hidden="true">
      {DRAWINGS[name]}
    </svg>
  );
}
