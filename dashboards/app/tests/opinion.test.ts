import { describe, expect, test } from "vitest";
import { roomsFor } from "../src/view/tiles/quality/rooms";

describe("a quality tile's height", () => {
  test("is shared by figures, the answer rate and what is rated", () => {
    const rooms = roomsFor(480, 3, true, 4);
    expect(rooms.figures + rooms.response + rooms.dimensions).toBeLessThanOrEqual(480);
    expect(rooms.dimensions).toBeGreaterThan(4 * 50 - 1);
    expect(rooms.response).toBeGreaterThan(0);
  });

  test("is the figures' alone where it is low, or where nothing else is known", () => {
    expect(roomsFor(180, 3, true, 4)).toEqual({ figures: 180, response: 0, dimensions: 0 });
    expect(roomsFor(480, 3, false, 0)).toEqual({ figures: 480, response: 0, dimensions: 0 });
  });

  test("leaves room for a colour's word beside the number of ratings", () => {
    expect(roomsFor(400, 3, true, 12, true).figures - roomsFor(400, 3, true, 12).figures).toBe(36);
  });

  test("is that of what is rated where there are no figures", () => {
    expect(roomsFor(300, 0, true, 4)).toEqual({ figures: 0, response: 0, dimensions: 300 });
  });
});
