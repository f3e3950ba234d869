// The page of a screen: shows a code until somebody approves it, then the board or the boards in turn.
// Plain script for Chromium 53 and later. A board is the wall's own page in a frame: the next one is
// loaded behind the one in front, and comes forward when it is painted, so that nothing flashes.
(function () {
  "use strict";

  /** How often the server is asked what to show, and how long it may take to answer. */
  var ASK_EVERY_MS = 2000;
  var ANSWER_LIMIT_MS = 8000;
  /** Unanswered for so long, the page says so, where it shows no board that says it better. */
  var LOST_AFTER_MS = 6000;
  var TICK_MS = 500;
  /** A board that is not painted by then comes forward as it is: it says itself what it lacks. */
  var PAINT_LIMIT_MS = 15000;
  /** A turn that is overdue for so long is stuck, and so is a page that has not ticked. */
  var STUCK_AFTER_MS = 30000;
  var LOOK_AFTER_TICKS_MS = 5000;
  var IDENTIFY_MS = 10000;
  var DAY_MS = 86400000;

  var root = document.getElementById("screen");
  var stage = document.getElementById("stage");
  var base = location.pathname.replace(/\/screen\/?$/, "/");
  var words = root.dataset;

  var paired = null; // what the server said last of a paired screen
  var code = "";
  var endsAt = 0;
  var front = null; // { frame, board, at }
  var behind = null;
  var step = 0;
  var overdueSince = 0;
  var tickedAt = now();
  var chain = 0;
  var asked = 0;
  var askedAt = now();
  var restarted = 0; // turns begun again that the server has not been told of
  var heardAt = now();
  var renewedAt = 0;
  var lastReload = -1;
  var lastIdentify = 0;
  var identifyTimer = 0;

  function now() {
    return performance.now();
  }

  function put(id, text) {
    var element = document.getElementById(id);
    if (element.textContent !== text) element.textContent = text;
  }

  function say(text) {
    put("note", text);
    document.getElementById("note").hidden = text === "";
  }

  // What to show.

  function ask() {
    asked += 1;
    askedAt = now();
    var mine = asked;
    var request = new XMLHttpRequest();
    var told = restarted;
    var renews = renewedAt === 0 || now() - renewedAt > DAY_MS;
    var query = "build=" + encodeURIComponent(words.build) + "&board=" + encodeURIComponent(front ? front.board : "") + "&code=" + encodeURIComponent(code);
    if (told > 0) query += "&restarted=" + told;
    if (renews) query += "&renew=1";
    request.open("POST", base + "screen/state?" + query);
    request.timeout = ANSWER_LIMIT_MS;
    request.onload = function () {
      if (request.status === 429) {
        heardAt = now();
        dropAll();
        showCode({ code: "", expires_in_s: 0, qr: null, address: null });
        say(words.limited);
        return;
      }
      if (request.status !== 200) return;
      var answer;
      try {
        answer = JSON.parse(request.responseText);
      } catch (_malformed) {
        return;
      }
      heardAt = now();
      restarted -= told;
      if (renews) renewedAt = now();
      say(answer.state === "paired" && answer.steps.length === 0 ? words.nothing : "");
      if (answer.state === "paired") show(answer);
      else showCode(answer);
    };
    // After each end, whatever it is.
    request.onloadend = function () {
      if (now() - heardAt > LOST_AFTER_MS && !paired) say(words.lost);
      if (mine === asked) setTimeout(ask, ASK_EVERY_MS);
    };
    request.send();
  }

  function showCode(answer) {
    if (paired) {
      paired = null;
      dropAll();
    }
    root.setAttribute("data-state", "code");
    endsAt = now() + answer.expires_in_s * 1000;
    if (answer.code === code) return;
    code = answer.code;
    put("code", code || "····-····");
    put("command-code", code || "CODE");
    put("address", answer.address ? answer.address.replace(/\?.*$/, "").replace(/^https?:\/\//, "") : "");
    document.getElementById("by-address").hidden = !answer.address;
    document.getElementById("qr").innerHTML = answer.qr || "";
    putTimeLeft();
  }

  function show(answer) {
    if (lastReload === -1) lastReload = answer.reload;
    if (answer.reload !== 0 && answer.reload !== lastReload) return reload();
    if (answer.build !== words.build && mayReloadFor(answer.build)) return reload();
    if (answer.identify !== 0 && answer.identify !== lastIdentify) {
      lastIdentify = answer.identify;
      identify(answer);
    }
    var isOther = !paired || JSON.stringify(paired.steps) !== JSON.stringify(answer.steps);
    paired = answer;
    code = "";
    root.setAttribute("data-state", "paired");
    if (isOther) {
      step = 0;
      // The board in front goes on where it is in the new list, too.
      for (var at = 0; front && at < answer.steps.length; at += 1) if (answer.steps[at].board === front.board) step = at;
    }
  }

  function reload() {
    location.reload();
  }

  /** Once for each build: a page that cannot be had in a newer one must not load for ever. */
  function mayReloadFor(build) {
    try {
      if (sessionStorage.getItem("tablica.screen-for") === build) return false;
      sessionStorage.setItem("tablica.screen-for", build);
      return true;
    } catch (_forbidden) {
      return false;
    }
  }

  function identify(answer) {
    put("name", answer.name);
    put("place", answer.place);
    document.getElementById("identify").hidden = false;
    clearTimeout(identifyTimer);
    identifyTimer = setTimeout(function () {
      document.getElementById("identify").hidden = true;
    }, IDENTIFY_MS);
  }

  // The turn.

  function wanted() {
    if (!paired || paired.steps.length === 0) return "";
    if (paired.jump) return paired.jump;
    return paired.steps[step % paired.steps.length].board;
  }

  function load(board) {
    drop(behind);
    var frame = document.createElement("iframe");
    frame.className = "behind";
    frame.title = board;
    frame.src = base + "wall/" + encodeURIComponent(board);
    stage.appendChild(frame);
    behind = { frame: frame, board: board, at: now() };
  }

  function drop(one) {
    if (one && one.frame.parentNode) one.frame.parentNode.removeChild(one.frame);
    if (one && one === behind) behind = null;
    if (one && one === front) front = null;
  }

  function dropAll() {
    drop(front);
    drop(behind);
  }

  function isPainted(one) {
    try {
      var main = one.frame.contentDocument.querySelector("main");
      return /^(live|absent)$/.test(main.getAttribute("data-phase"));
    } catch (_notYet) {
      return false;
    }
  }

  function bringForward() {
    var last = front;
    front = behind;
    behind = null;
    front.frame.className = "front";
    front.at = now();
    overdueSince = 0;
    drop(last);
  }

  function tick() {
    tickedAt = now();
    putTimeLeft();
    var board = wanted();
    if (board === "") return dropAll();
    var steps = paired.steps;
    var isDue = front && front.board === board && !paired.jump && steps.length > 1 && now() - front.at >= steps[step % steps.length].seconds * 1000;
    if (isDue) {
      step = (step + 1) % steps.length;
      board = wanted();
      // The same board twice: its time begins again.
      if (front.board === board) front.at = now();
    }
    if (front && front.board === board) {
      overdueSince = 0;
      drop(behind);
      return;
    }
    if (overdueSince === 0) overdueSince = now();
    if (!behind || behind.board !== board) load(board);
    if (isPainted(behind) || now() - behind.at > PAINT_LIMIT_MS) bringForward();
  }

  /** By a chain of its own: the watchdog below does not hang on it. */
  function tickOn() {
    chain += 1;
    var mine = chain;
    (function again() {
      if (mine !== chain) return;
      setTimeout(again, TICK_MS);
      tick();
    })();
  }

  setInterval(function () {
    var isDead = now() - tickedAt >= STUCK_AFTER_MS;
    var isOverdue = overdueSince > 0 && now() - overdueSince >= STUCK_AFTER_MS;
    if (isDead || isOverdue) {
      if (paired) restarted += 1;
      overdueSince = 0;
      drop(behind);
      if (isDead) tickOn();
    }
    // A chain of questions that has ended is begun again, too.
    if (now() - askedAt >= STUCK_AFTER_MS) ask();
  }, LOOK_AFTER_TICKS_MS);

  function putTimeLeft() {
    if (paired || code === "") return put("left", "");
    var seconds = Math.max(0, Math.ceil((endsAt - now()) / 1000));
    var rest = seconds % 60;
    put("left", Math.floor(seconds / 60) + ":" + (rest < 10 ? "0" : "") + rest);
  }

  ask();
  tickOn();
})();
