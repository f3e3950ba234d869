import { describe, expect, test } from "vitest";
import { footOf } from "../src/view/foot";
import { BOARD } from "./fake";

const NOTICE = "The server’s clock jumped ahead by 40 days: numbers go on by the time before";

describe("the wall's foot", () => {
  test("is empty while all is well, and while there is no board yet", () => {
    expect(footOf("live", BOARD)).toBe(null);
    expect(footOf("connecting", null)).toBe(null);
  });

  test("says what the server has to say of its clock", () => {
    expect(footOf("live", { ...BOARD, notice: NOTICE })).toBe("notice");
  });

  test("a cut line goes first, then that this is the past", () => {
    expect(footOf("stale", { ...BOARD, notice: NOTICE })).toBe("cut");
    expect(footOf("connecting", { ...BOARD, notice: NOTICE })).toBe("cut");
    expect(footOf("live", { ...BOARD, notice: NOTICE, replay_speed: 60 })).toBe("replay");
  });
});
