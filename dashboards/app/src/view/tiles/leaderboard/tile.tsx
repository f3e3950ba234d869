// The first few by one number, each with their place. Nobody has a colour.

import type { LeaderboardValue } from "../../../opinion";
import { absence, Absent, Frame, headerHeight, noteHeight } from "../../parts/frame";
import { List } from "../../parts/list";
import type { TileProps } from "../../registry";

export function LeaderboardTile(props: TileProps<LeaderboardValue>) {
  const { layout, value, box, strings } = props;
  const absent = absence(value, strings);
  const places = (value && value.places) || [];
  if (absent || !value || places.length === 0) {
    return (
      <Frame {...props}>
        <Absent text={absent ? absent.text : "—"} words={absent ? absent.words : (value && value.empty) || ""} />
      </Frame>
    );
  }
  const heads = value.heads || [];
  const height = box.height / box.unit - headerHeight(layout, box) - noteHeight(value);
  const hasTeams = places.some((place) => place.team);
  const hasDetails = places.some((place) => place.detail);
  const columns = [
    { title: "", rank: 4, align: "right" as const, look: "soft" as const },
    { title: heads[0] || "", rank: 7, least: 8 },
    ...(hasTeams ? [{ title: heads[1] || "", rank: 1, look: "soft" as const }] : []),
    ...(hasDetails ? [{ title: "", rank: 2, align: "right" as const, look: "soft" as const }] : []),
    { title: heads[2] || "", rank: 6, align: "right" as const },
  ];
  const rows = places.map((place) => [
    { text: String(place.rank) },
    { text: place.name },
    ...(hasTeams ? [{ text: place.team || "" }] : []),
    ...(hasDetails ? [{ text: place.detail || "" }] : []),
    { text: place.text },
  ]);
  return (
    <Frame {...props}>
      <List columns={columns} rows={rows} more={value.more || 0} height={height} box={box} strings={strings} />
    </Frame>
  );
}
