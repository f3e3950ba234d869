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
  /** A picture is not wider, and not made smaller than half the second to fit. */
  var PICTURE_WIDTH = 1280;
  var PICTURE_WIDTH_MIN = 400;

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
  var lastPicture = 0;
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
    if (answer.picture !== 0 && answer.picture !== lastPicture) {
      lastPicture = answer.picture;
      draw(answer.picture, answer.picture_bytes_max);
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

  // A picture of what is in front, when an admin asks for it: the wall's elements and styles as SVG, drawn
  // onto a canvas. Browsers that forbid that say so when the canvas is read.

  function draw(asked, bytesMax) {
    var width = 0;
    var height = 0;
    function failed(why) {
      send(asked, null, why);
    }
    if (!front || !isPainted(front)) return failed("no-board");
    try {
      var wall = front.frame.contentDocument;
      width = wall.documentElement.clientWidth;
      height = wall.documentElement.clientHeight;
      var image = new Image();
      image.onerror = function () {
        failed("browser");
      };
      image.onload = function () {
        try {
          shrink(image, Math.min(1, PICTURE_WIDTH / width), asked, bytesMax);
        } catch (_tainted) {
          failed("browser");
        }
      };
      image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svgOf(wall, width, height));
    } catch (_unknown) {
      failed("browser");
    }
  }

  /** Half the size each time, until it fits. */
  function shrink(image, scale, asked, bytesMax) {
    var canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.width * scale));
    canvas.height = Math.max(1, Math.round(image.height * scale));
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob(function (blob) {
      if (!blob) return send(asked, null, "browser");
      if (blob.size <= bytesMax) return send(asked, blob, "");
      if (canvas.width < PICTURE_WIDTH_MIN) return send(asked, null, "too-large");
      shrink(image, scale / 2, asked, bytesMax);
    }, "image/png");
  }

  function svgOf(wall, width, height) {
    var copy = wall.documentElement.cloneNode(true);
    var drawn = wall.querySelectorAll("canvas");
    var copies = copy.querySelectorAll("canvas");
    for (var at = 0; at < drawn.length; at += 1) {
      var still = document.createElement("img");
      still.src = drawn[at].toDataURL();
      still.className = drawn[at].className;
      still.style.cssText = drawn[at].style.cssText;
      copies[at].parentNode.replaceChild(still, copies[at]);
    }
    // Nothing is loaded in a picture, and nothing runs.
    var others = copy.querySelectorAll("script, link, iframe, noscript");
    for (var of = 0; of < others.length; of += 1) others[of].parentNode.removeChild(others[of]);
    var style = document.createElement("style");
    for (var sheet = 0; sheet < wall.styleSheets.length; sheet += 1) style.textContent += rulesOf(wall.styleSheets[sheet]);
    copy.insertBefore(style, copy.firstChild);
    copy.setAttribute("style", "display: block; position: relative; width: " + width + "px; height: " + height + "px; overflow: hidden; background: " + getComputedStyle(wall.body).backgroundColor);
    var body = copy.querySelector("body");
    if (body) body.style.height = "100%";
    var xml = new XMLSerializer().serializeToString(copy);
    return '<svg xmlns="http://www.w3.org/2000/svg" width="' + width + '" height="' + height + '"><foreignObject x="0" y="0" width="' + width + '" height="' + height + '">' + xml + "</foreignObject></svg>";
  }

  function rulesOf(sheet) {
    var text = "";
    try {
      for (var at = 0; at < sheet.cssRules.length; at += 1) text += sheet.cssRules[at].cssText + "\n";
    } catch (_ofOthers) {
      return "";
    }
    return text;
  }

  function send(asked, blob, failed) {
    var request = new XMLHttpRequest();
    request.open("POST", base + "screen/picture?asked=" + asked + (failed ? "&failed=" + failed : ""));
    request.timeout = ANSWER_LIMIT_MS;
    request.send(blob);
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
