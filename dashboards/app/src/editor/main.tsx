// The editor of boards: page → desk → session → view. For browsers of today, unlike the wall itself.

import { render } from "preact";
import { Server, type Words } from "./desk";
import { Session, LOOK_EVERY_MS } from "./session";
import { Stage } from "./stage";
import { Editor } from "./view";
import "./editor.css";

const page = document.getElementById("editor");
if (page) void begin(page);

async function begin(page: HTMLElement): Promise<void> {
  const { here = "", up = "", token = "", words: written = "{}", board = "" } = page.dataset;
  const words = JSON.parse(written) as Words;
  const server = new Server(here, token, words);
  try {
    const desk = await server.desk();
    const stage = new Stage();
    const paint = () => render(<Editor {...{ session, stage, words, up, here, board }} />, page);
    const session: Session = new Session(desk, server, { changed: paint, picture: (frame) => stage.picture(frame), words });
    stage.onChange = paint;
    page.textContent = "";
    paint();
    await session.look();
    setInterval(() => {
      if (!document.hidden) void session.lookAgain();
    }, LOOK_EVERY_MS);
    addEventListener("beforeunload", (event) => {
      if (session.isChanged()) event.preventDefault();
    });
  } catch (error) {
    const told = document.createElement("p");
    told.className = "wrong";
    told.setAttribute("role", "alert");
    told.textContent = error instanceof Error ? error.message : String(error);
    page.append(told);
  }
}
