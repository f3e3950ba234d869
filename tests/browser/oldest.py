"""Loads a wall in the Chromium that QtWebEngine 5.8 is made of, which is that of televisions of 2018.

Reads a task from standard input, as JSON: the wall's address, a script that answers true when it is painted, a
script that answers what is wrong with it, and where a picture goes. Answers with a line of JSON. Run by
oldest.mjs, which says what is needed.
"""

import json
import os
import sys

from PyQt5.QtCore import QTimer, QUrl
from PyQt5.QtWebEngineWidgets import QWebEnginePage, QWebEngineProfile, QWebEngineView
from PyQt5.QtWidgets import QApplication

LOOK_EVERY_MS = 200
LIMIT_MS = 20_000


class Page(QWebEnginePage):
    """Keeps what the page complains of."""

    def __init__(self, parent):
        # A profile without a name keeps nothing: no wall is that of the last run.
        super().__init__(QWebEngineProfile(parent), parent)
        self.complaints = []

    def javaScriptConsoleMessage(self, level, message, line, source):
        self.complaints.append("{}:{}: {}".format(source, line, message))


class Wall:
    """Looks at a wall until it is painted, and then at what is wrong with it."""

    def __init__(self, app, task):
        self.app = app
        self.task = task
        self.waited_ms = 0
        self.view = QWebEngineView()
        self.page = Page(self.view)
        self.view.setPage(self.page)
        self.view.resize(1920, 1080)
        self.view.show()
        self.view.load(QUrl(task["address"]))
        self.look()

    def look(self):
        self.page.runJavaScript(self.task["painted"], self.seen)

    def seen(self, painted):
        if painted:
            # The fonts have come, and what they changed is painted.
            QTimer.singleShot(1_000, lambda: self.page.runJavaScript(self.task["faults"], self.done))
            return
        self.waited_ms += LOOK_EVERY_MS
        if self.waited_ms > LIMIT_MS:
            self.done(["it was not painted within {} s".format(LIMIT_MS // 1000)])
            return
        QTimer.singleShot(LOOK_EVERY_MS, self.look)

    def done(self, faults):
        self.view.grab().save(self.task["picture"])
        print(json.dumps({"faults": faults, "complaints": self.page.complaints}), flush=True)
        self.app.quit()


def main():
    task = json.load(sys.stdin)
    app = QApplication([sys.argv[0], "--no-sandbox"])
    wall = Wall(app, task)
    app.exec_()
    # The engine of those days crashes when it is taken apart in another order than it likes.
    del wall
    os._exit(0)


main()
