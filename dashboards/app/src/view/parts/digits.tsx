// A figure whose changed characters fade in softly, one by one; the rest stands still.

export function Digits({ text }: { text: string }) {
  const characters = text.split("");
  return (
    <span class="digits">
      {characters.map((character, index) => (
        // Counted from the right, so that 9 → 10 leaves the last place in its place.
        <span class="digit" key={`${characters.length - index}${character}`}>
          {character === " " ? "\u00a0" : character}
        </span>
      ))}
    </span>
  );
}
