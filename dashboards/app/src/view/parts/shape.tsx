// The shapes that stand beside colour: a check, a triangle, a square, a ring. Drawn, not typed:
// a TV's fonts may lack the signs.

export type ShapeName = "good" | "warn" | "bad" | "none" | "bell" | "clock" | "person" | "phone";

// Drawn anew each time: a drawing that is kept keeps, by its parent, the whole page that it stood in first.
const DRAWINGS: Record<ShapeName, () => preact.JSX.Element> = {
  good: () => (
    <g>
      <circle cx="12" cy="12" r="11" fill="currentColor" />
      <path d="M7 12.4l3.4 3.4L17 9" fill="none" class="shape-sign" stroke-width="2.8" stroke-linecap="round" stroke-linejoin="round" />
    </g>
  ),
  warn: () => (
    <g>
      <path d="M12 1.8L23.2 21.4H.8z" fill="currentColor" stroke="currentColor" stroke-width="1.2" stroke-linejoin="round" />
      <path d="M12 8.6v6" class="shape-sign" stroke-width="2.6" stroke-linecap="round" />
      <circle cx="12" cy="18.2" r="1.5" class="shape-dot" />
    </g>
  ),
  bad: () => (
    <g>
      <rect x="1.5" y="1.5" width="21" height="21" rx="3" fill="currentColor" />
      <path d="M8 8l8 8M16 8l-8 8" class="shape-sign" stroke-width="2.8" stroke-linecap="round" />
    </g>
  ),
  bell: () => (
    <g>
      <path d="M12 1.5a2 2 0 0 1 2 2v.4c3 .9 5 3.6 5 6.9v5l2.2 3.2H2.8L5 15.8v-5c0-3.3 2-6 5-6.9v-.4a2 2 0 0 1 2-2z" fill="currentColor" />
      <path d="M9 20.5h6a3 3 0 0 1-6 0z" fill="currentColor" />
    </g>
  ),
  clock: () => (
    <g>
      <circle cx="12" cy="12" r="11" fill="currentColor" />
      <path d="M12 5.5V12l4.5 3" fill="none" class="shape-sign" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round" />
    </g>
  ),
  person: () => (
    <g>
      <circle cx="12" cy="6.5" r="5" fill="currentColor" />
      <path d="M2 23c0-6 4.2-9.5 10-9.5S22 17 22 23z" fill="currentColor" />
    </g>
  ),
  phone: () => (
    <path d="M6.6 1.6l3.6 5.2-2.2 2.7c1.1 2.6 3.9 5.4 6.5 6.5l2.7-2.2 5.2 3.6c-.4 2.7-2.3 4.9-4.9 4.9C9.300 22.300 1.700 14.700 1.700 6.500c0-2.600 2.200-4.500 4.900-4.900z" fill="currentColor" />
  ),
  none: () => <circle cx="12" cy="12" r="9" fill="none" stroke="currentColor" stroke-width="3" stroke-dasharray="4 4" />,
};

/** What a rule names, where this build can draw it. */
export function iconOf(name: string | undefined): ShapeName | null {
  return name && Object.prototype.hasOwnProperty.call(DRAWINGS, name) ? (name as ShapeName) : null;
}

export function Shape({ name }: { name: ShapeName }) {
  return (
    <svg class="shape" viewBox="0 0 24 24" aria-hidden="true">
      {DRAWINGS[name]()}
    </svg>
  );
}
