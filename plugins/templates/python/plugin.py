"""{{network}}: its bytes in, events out."""

#@ webhook file
from tablica import Channel, Event, bad_input, export, json, message, only_settings
#@ document
from tablica import Channel, Event, bad_input, export, json, message, only_settings, unsupported
#@ poll
from tablica import Channel, Event, bad_input, export, fetch, json, message, only_settings, secret, timer
#@ socket
from tablica import Channel, Event, bad_input, connect, export, json, message, only_settings, secret
#@ tcp
from tablica import Channel, Event, bad_input, connect, export, json, message, only_settings, secret, send
#@ document

# Longer documents are none of this network's.
DOCUMENT_BYTES_MAX = 1 << 20
#@


def decode(it):
    """A message as the network writes it. Python's integers have no end, so ids stay as they are."""
    try:
        number, at = int(it["id"]), int(it["at"])
        thread, sender, text = str(it["thread"]), str(it["from"]), str(it["text"])
    except (KeyError, TypeError, ValueError) as error:
        raise bad_input("not a message") from error
    if number < 0 or not 0 <= at < 1 << 40:
        raise bad_input("/id or /at is out of range")
    return Event(
        id=str(number),  # the same on redelivery: duplicates are found by it
        at=at * 1000,
        interaction=thread,
        customer=[f"mail:{sender}"],
        kind=message(medium="message", author="customer", text=text),
    )


class {{Type}}(Channel):
    name, version, network = "{{name}}", "0.1.0", "{{network}}"

    def init(self, setup, settings):
        """The operator's `[channel.NAME.settings]`: name those that you read."""
        only_settings(settings)
    #@ poll

    # What must survive a restart; bounded, and without anything about customers.
    state = {"after": 0}

    def start(self, now_ms):
        return self.ask()

    def timer(self, tag, now_ms):
        return self.ask()

    def ask(self):
        """A timer runs beside each request, or a lost one would be the last."""
        url = f"https://api.{{name}}.example/v1/messages?after={self.state['after']}"
        headers = {"authorization": ["Bearer ", secret("key")]}
        return [fetch(url=[url], headers=headers, tag="messages"), timer("poll", 10_000)]

    def response(self, answer, now_ms):
        if answer.status != 200:
            return []  # the timer asks again
        messages = json(answer.body)
        if not isinstance(messages, list):
            raise bad_input("not a list")
        events = [decode(it) for it in messages]
        self.state["after"] = max([self.state["after"], *(int(it.id) for it in events)])
        return events
    #@ webhook

    def webhook(self, call, now_ms):
        return [decode(json(call.body))]
    #@ file

    def line(self, line, now_ms):
        return [decode(json(line.bytes))]
    #@ socket

    def start(self, now_ms):
        return self.open()

    def open(self):
        headers = {"authorization": ["Bearer ", secret("key")]}
        return [connect("main", ["wss://api.{{name}}.example/v1/events"], headers=headers)]

    def disconnected(self, link, now_ms):
        return self.open()  # the server waits longer each time that it fails

    def frame(self, frame, now_ms):
        return [decode(json(frame.content.value))]
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
        return [decode(json(frame.content.value))]
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
        return [decode(json(begun.encode("latin-1")))]
    #@


Plugin = export({{Type}})
