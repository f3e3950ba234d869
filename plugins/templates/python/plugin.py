"""{{network}}: its bytes in, events out."""

#@ webhook file
from tablica import Channel, Event, bad_input, export, json, message, only_settings, setting
#@ document
from tablica import Channel, Event, bad_input, export, json, message, only_settings, setting, unsupported
#@ poll
from tablica import Channel, Event, bad_input, export, fetch, header, json, message, only_settings, secret, setting, timer

EVERY_MS = 10_000
# The longest wait that the network may ask for.
WAIT_MS_MAX = 3_600_000
# Characters of a version of the list; longer ones are nobody's.
VERSION_CHARS_MAX = 200
#@ socket
from tablica import Channel, Event, bad_input, connect, export, json, message, only_settings, secret, setting
#@ tcp
from tablica import Channel, Event, bad_input, connect, export, json, message, only_settings, secret, send, setting
#@ document

# Longer documents are none of this network's.
DOCUMENT_BYTES_MAX = 1 << 20
#@


def decode(it, ours):
    """A message as the network writes it. Python's integers have no end, so ids stay as they are."""
    try:
        number, at = int(it["id"]), int(it["at"])
        thread, sender, text = str(it["thread"]), str(it["from"]), str(it["text"])
    except (KeyError, TypeError, ValueError) as error:
        raise bad_input("not a message") from error
    if number < 0 or not 0 <= at < 1 << 40:
        raise bad_input("/id or /at is out of range")
    our = sender in ours
    return Event(
        id=str(number),  # the same on redelivery: duplicates are found by it
        at=at * 1000,
        interaction=thread,
        agent=sender if our else None,
        customer=[] if our else [f"mail:{sender}"],
        kind=message(medium="message", author="agent" if our else "customer", text=text),
    )


class {{Type}}(Channel):
    name, version, network = "{{name}}", "0.1.0", "{{network}}"

    def init(self, setup, settings):
        # The operator's `[channel.NAME.settings]`: a key that is not named here is a misspelt one.
        only_settings(settings, "ours")
        # Our own addresses: what they write is an answer.
        self.ours = settings.get("ours", [])
        if not isinstance(self.ours, list) or not all(isinstance(it, str) for it in self.ours):
            raise setting("/ours", 'expected a list of addresses, such as ["desk@acme.example"]')
    #@ poll

    # What must survive a restart; bounded, and without anything about customers.
    state = {"newest": None, "etag": "", "last_modified": ""}

    def start(self, now_ms):
        return self.ask()

    def timer(self, tag, now_ms):
        return self.ask()

    def ask(self):
        """A timer runs beside each request, or a lost one would be the last."""
        headers = {"authorization": ["Bearer ", secret("key")]}
        # An unchanged list need not be sent again.
        if self.state["etag"]:
            headers["if-none-match"] = [self.state["etag"]]
        if self.state["last_modified"]:
            headers["if-modified-since"] = [self.state["last_modified"]]
        url = ["https://api.{{name}}.example/v1/messages"]
        return [fetch(url=url, headers=headers, tag="messages"), timer("poll", EVERY_MS)]

    def response(self, answer, now_ms):
        """The list of the latest messages."""
        if answer.status in (429, 503):
            return [wait(answer)]  # too often: the network says how many seconds to leave it alone
        if answer.status != 200:
            return []  # 304 is nothing new; of anything else the timer asks again
        messages = json(answer.body)
        if not isinstance(messages, list):
            raise bad_input("not a list")
        events = [decode(it, self.ours) for it in messages]
        # What was there before the first answer is history, and is not counted.
        known = self.state["newest"]
        self.state["newest"] = max([known or 0, *(int(it.id) for it in events)])
        self.state["etag"] = version(answer, "etag")
        self.state["last_modified"] = version(answer, "last-modified")
        return [] if known is None else [it for it in events if int(it.id) > known]
    #@ webhook

    def webhook(self, call, now_ms):
        return [decode(json(call.body), self.ours)]
    #@ file

    def line(self, line, now_ms):
        return [decode(json(line.bytes), self.ours)]
    #@ socket

    def start(self, now_ms):
        return self.open()

    def open(self):
        headers = {"authorization": ["Bearer ", secret("key")]}
        return [connect("main", ["wss://api.{{name}}.example/v1/events"], headers=headers)]

    def disconnected(self, link, now_ms):
        return self.open()  # the server waits longer each time that it fails

    def frame(self, frame, now_ms):
        return [decode(json(frame.content.value), self.ours)]
    #@ tcp

    def start(self, now_ms):
        return self.open()

    def open(self):
        return [connect("main", ["tls://switch.{{name}}.example:5039"], until=b"\n")]

    def connected(self, link, now_ms):
        return [send("main", ["login ", secret("key"), "\n"])]

    def disconnected(self, link, now_ms):
        return self.open()  # the server waits longer each time that it fails

    def frame(self, frame, now_ms):
        return [decode(json(frame.content.value), self.ours)]
    #@ document

    # Latin-1 keeps each byte.
    state = {"begun": ""}

    def document(self, part, now_ms):
        begun = "" if part.offset == 0 else self.state["begun"]
        begun += part.bytes.decode("latin-1")
        self.state["begun"] = ""
        if len(begun) > DOCUMENT_BYTES_MAX:
            raise unsupported("the document is too long")
        if not part.is_last:
            self.state["begun"] = begun
            return []
        return [decode(json(begun.encode("latin-1")), self.ours)]
    #@
#@ poll


def wait(answer):
    """The same timer again replaces the one that runs."""
    seconds = header(answer, "retry-after")
    ms = int(seconds) * 1000 if seconds.isdecimal() and len(seconds) < 10 else 0
    return timer("poll", min(max(ms, EVERY_MS), WAIT_MS_MAX))


def version(answer, name):
    value = header(answer, name)
    return value if len(value) <= VERSION_CHARS_MAX else ""
#@


Plugin = export({{Type}})
