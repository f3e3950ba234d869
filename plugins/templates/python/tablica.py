"""The contract in Python: a plugin is a `Channel` with a method for each kind of input.

Each method gets the input and the time in milliseconds, and returns a list of events and commands,
and of at most one `Reply`. `bad_input`, `unsupported`, `config` and `later` are raised. Any other
exception is a fault of the plugin, and told as bad input with its place: the input goes to quarantine,
where it can be looked at.
"""

import copy
import json as _json
import re

from componentize_py_types import Err, Ok
from wit_world import exports
from wit_world.imports import types as wit

Reply = wit.Reply


class Failed(Exception):
    """What the plugin says instead of an output."""

    def __init__(self, failure):
        super().__init__(failure)
        self.failure = failure


def bad_input(why):
    """These bytes are not what the network promises."""
    return Failed(wit.Failure_BadInput(why))


def unsupported(what):
    """Well-formed, but of a kind that the plugin does not know."""
    return Failed(wit.Failure_Unsupported(what))


def config(why):
    """The operator's settings make no sense; say which key and what to write instead."""
    return Failed(wit.Failure_Config(why))


def setting(pointer, why):
    """A setting makes no sense: the host names its line in the operator's config."""
    return config(f"{pointer}: {why}")


def only_settings(settings, *known):
    """A key that `settings` may not have is a misspelt one. Call it in `init`."""
    for key in settings:
        if key not in known:
            may = f"known are {', '.join(known)}" if known else "the plugin has no settings"
            step = key.replace("~", "~0").replace("/", "~1")
            raise setting(f"/{step}", f"unknown key; {may}")


def later(after_ms):
    """It cannot be told yet what this means: bring it again after so many milliseconds."""
    return Failed(wit.Failure_Later(after_ms))


# Nested deeper, JSON is no network's, and its reader would run out of stack.
_DEPTH_MAX = 100
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]')


def json(data):
    """Bytes or a text as JSON; what is none is bad input. Integers have all their digits."""
    try:
        text = data if isinstance(data, str) else bytes(data).decode("utf-8")
        if text.count("[") + text.count("{") > _DEPTH_MAX and _depth(text) > _DEPTH_MAX:
            raise ValueError("nested too deeply")
        return _json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise bad_input("not JSON") from error


def _depth(text):
    depth = deepest = 0
    for token in _TOKENS.finditer(text):
        if token[0] in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif token[0] in "]}":
            depth -= 1
    return deepest


def _moment(at):
    if not at:
        return wit.Moment_None_()
    return at if not isinstance(at, int) else wit.Moment_Utc(at)


def local(wall_ms, zone=None):
    """What a clock on a wall showed, as milliseconds as if it stood in UTC."""
    return wit.Moment_Local(wit.LocalTime(wall_ms, zone))


def Event(id, at, kind, interaction="", order=None, refers=None, queue=None, agent=None, customer=(), attrs=None):
    """An event. `id` must be the same on redelivery; `at` is milliseconds of UTC, or `local(…)`."""
    pairs = [wit.Pair(name, str(value)) for name, value in (attrs or {}).items()]
    return wit.Event(id, _moment(at), order, refers, interaction, queue, agent, list(customer), kind, pairs)


def message(medium, author, text=None, visibility="private", language=None, sentiment="unknown"):
    """Somebody wrote."""
    return wit.Kind_Message(
        wit.Message(
            wit.Medium[medium.upper()],
            wit.Author[author.upper()],
            wit.Visibility[visibility.upper()],
            len(text or ""),
            text,
            language,
            wit.Sentiment[sentiment.upper()],
        )
    )


def secret(name):
    """The value of a secret of plugin.toml, which the host puts in."""
    return wit.Piece_Secret(name)


def _pieces(parts):
    def piece(it):
        if isinstance(it, str):
            return wit.Piece_Bytes(it.encode())
        return wit.Piece_Bytes(it) if isinstance(it, bytes) else it

    return [piece(it) for it in parts]


def _headers(headers):
    return [wit.Header(name, _pieces(parts)) for name, parts in (headers or {}).items()]


def fetch(url, tag="", method="get", headers=None, body=()):
    """Ask the network; the answer has the same tag. Texts and secrets are pieces."""
    how = wit.Method[method.upper()]
    return wit.Command_Fetch(wit.Request(how, _pieces(url), _headers(headers), _pieces(body), tag))


def header(of, name):
    """A header of a webhook or an answer; "" when there is none."""
    return next((it.value for it in of.headers if it.name.lower() == name.lower()), "")


def connect(link, address, headers=None, protocols=(), until=None):
    """Open a link. `until`: a stream's frames end so; without it they are a WebSocket's messages."""
    framing = wit.Framing_Messages() if until is None else wit.Framing_Until(until)
    return wit.Command_Connect(
        wit.Connect(link, _pieces(address), _headers(headers), list(protocols), framing)
    )


def send(link, data, is_text=False):
    """Send on a link."""
    return wit.Command_Send(wit.Outgoing(link, is_text, _pieces(data)))


def timer(tag, after_ms):
    """Come back after so many milliseconds."""
    return wit.Command_Timer(wit.Timer(tag, after_ms))


def log(level, text):
    """A line for the operator's log."""
    return wit.Command_Log(wit.LogLine(wit.LogLevel[level.upper()], text))


_EVENT, _REPLY = wit.Event, wit.Reply


def _output(said):
    said = said or []
    events = [it for it in said if isinstance(it, _EVENT)]
    replies = [it for it in said if isinstance(it, _REPLY)]
    commands = [it for it in said if not isinstance(it, (_EVENT, _REPLY))]
    return wit.Output(events, commands, replies[0] if replies else None)


_INPUTS = {
    wit.Input_Webhook: "webhook",
    wit.Input_Response: "response",
    wit.Input_Line: "line",
    wit.Input_Frame: "frame",
    wit.Input_Document: "document",
    wit.Input_Connected: "connected",
    wit.Input_Disconnected: "disconnected",
    wit.Input_Timer: "timer",
}


class Channel:
    """Subclass it. `state` is what survives a restart: JSON, bounded, without customers."""

    name = version = network = ""
    state = {}

    def init(self, setup, settings):
        """First of all, with the operator's settings."""

    def start(self, now_ms):
        """First commands: a poll, a link."""
        return []


def _fault(error):
    """The host sees no exception's text by itself."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    place = f", {at.tb_frame.f_code.co_filename.rpartition('/')[2]} line {at.tb_lineno}" if at else ""
    return f"a fault of the plugin: {type(error).__name__}: {error}{place}"


def export(channel):
    """Makes the class that the host calls."""
    first = copy.deepcopy(channel.state)

    class Plugin(exports.Plugin):
        it = None
        given = b""

        def describe(self):
            return wit.Info(channel.name, channel.version, channel.network)

        def init(self, setup):
            Plugin.it = channel()
            Plugin.it.state = copy.deepcopy(first)
            Plugin.given = bytes(setup.snapshot or b"")
            if Plugin.given:
                Plugin.it.state.update(_json.loads(Plugin.given))
            try:
                Plugin.it.init(setup, _json.loads(setup.settings))
                return _output(Plugin.it.start(setup.now_ms))
            except Failed as failed:
                raise Err(failed.failure) from failed
            except Exception as error:
                raise Err(config(_fault(error)).failure) from error

        def handle(self, now_ms, inputs):
            return [self.one(now_ms, it) for it in inputs]

        def one(self, now_ms, given):
            method = getattr(Plugin.it, _INPUTS.get(type(given), ""), None)
            if method is None:
                return Ok(_output([]))
            before = copy.deepcopy(Plugin.it.state)
            try:
                return Ok(_output(method(given.value, now_ms)))
            except Failed as failed:
                Plugin.it.state = before  # a failure changes nothing
                return Err(failed.failure)
            except Exception as error:
                Plugin.it.state = before
                return Err(bad_input(_fault(error)).failure)

        def snapshot(self):
            now = _json.dumps(Plugin.it.state).encode()
            if now == Plugin.given or (not Plugin.given and Plugin.it.state == first):
                return None
            Plugin.given = now
            return now

    return Plugin
