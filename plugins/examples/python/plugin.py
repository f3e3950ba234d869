"""LINE official accounts. The account's own messages are not sent to webhooks, so answers are not seen
here."""

from tablica import Channel, Event, bad_input, export, json, message, unsupported, wit


def decode(it):
    """One event of a call; None for what is nothing to count."""
    if it.get("mode") == "standby":
        return None  # another module owns the chat
    kind, source = it["type"], it["source"]
    # In a group the sender may be missing; the group is the contact.
    thread = source.get("groupId") or source.get("roomId") or source["userId"]
    customer = [f"line:{source['userId']}"] if source.get("userId") else []
    common = {"at": int(it["timestamp"]), "interaction": thread, "customer": customer}
    if common["at"] < 0:
        raise ValueError("/timestamp")
    if kind == "message":
        content = it["message"]
        text = content.get("text") if content.get("type") == "text" else None
        # The parts of an album share one id: it is one thing to a person.
        album = (content.get("imageSet") or {}).get("id")
        wrote = message("message", "customer", text if isinstance(text, str) else None)
        return Event(id=str(album or content["id"]), kind=wrote, **common)
    if kind == "unsend":
        taken_back = wit.Kind_Removed(wit.Removal(wit.Author.CUSTOMER))
        refers = str(it["unsend"]["messageId"])
        return Event(id=str(it["webhookEventId"]), kind=taken_back, refers=refers, **common)
    if kind == "unfollow":
        blocked = wit.Kind_Left(wit.LeftReason.BLOCKED)
        return Event(id=str(it["webhookEventId"]), kind=blocked, **common)
    return None


class Line(Channel):
    name, version, network = "line", "0.1.0", "LINE"

    def webhook(self, call, now_ms):
        body = json(call.body)
        if not isinstance(body, dict) or not isinstance(body.get("events"), list):
            raise unsupported("/events is missing")
        try:
            # Redelivered events come out of order.
            events = sorted(body["events"], key=lambda it: int(it["timestamp"]))
            return [event for it in events if (event := decode(it)) is not None]
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
            raise bad_input("an event without what each has") from error


Plugin = export(Line)
