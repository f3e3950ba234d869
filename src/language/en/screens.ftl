### The page of a screen that waits to be paired, and the page on which screens are managed.

pair-title = Connect this screen

pair-ends = This code is good for

pair-by-page = On a phone or a computer, scan the square or open

pair-by-command = Or type on the server

pair-lost = The server does not answer. This screen keeps asking.

pair-limited = Too many screens wait to be connected. This one asks again by itself.

pair-nothing = Nothing is planned for this time of day.

screens-title = Screens

screens-lead = Each television gets a page of its own. Open this address on it, and enter here the code that it shows:

screens-pair = Connect a screen

screens-code = Code on the screen

screens-name = Name

screens-place = Place

screens-shows = Shows

screens-playlist = Playlist

screens-approve = Connect

screens-paired = Connected screens

screens-none = None yet.

screens-others = Walls that are open without a pairing

screens-here = on

screens-away = off or out of reach

screens-never = not since the start

screens-in-front = Board in front

screens-picture = Picture

screens-picture-new = up to date

screens-acknowledged = the newest state that the screen said to have painted

screens-last-seen = Last seen

screens-address = Address

screens-browser = Browser

screens-version = Page

screens-version-current = current

screens-version-older = older

screens-since = Paired

screens-identify = Show its name

screens-reload = Reload

screens-change = Move, rename, disconnect

screens-move = Move

screens-rename = Rename

screens-revoke = Disconnect

screens-revoke-means = The screen shows nothing any more and asks to be connected again.

screens-said-approved = The screen is connected and shows its board in a moment:

screens-said-identified = The screen shows its name for ten seconds:

screens-said-reloaded = The screen loads its page again:

screens-said-moved = The screen shows something else in a moment:

screens-said-renamed = The screen is called now:

screens-said-revoked = The screen is disconnected:

screens-failed-code = No screen shows this code now. A code is good for some minutes only and for one screen: look at the screen again.

screens-failed-limit = There were too many wrong codes. Try again in some minutes.

screens-failed-full = As many screens are connected as may be (pairing.screens_max). Disconnect one first.

screens-failed-name = A name has up to 40 letters from a to z, digits, dots, dashes and underscores.

screens-failed-taken = Another screen is called so.

screens-failed-place = The place is too long.

screens-failed-unknown = There is no such screen any more.

screens-failed-board = There is no such board or playlist any more.

screens-failed-disk = The change could not be written to the disk. The server’s log says why.
# State of a screen that is off outside its hours.
screens-not-expected = off, not expected now
# Field, and before the name of a calendar.
screens-hours = Is to be on
# Choice.
screens-hours-always = always
# Button.
screens-hours-set = Set its hours
# It is done.
screens-said-hours = Its hours were changed:
# It is not done.
screens-failed-calendar = There is no such calendar.
# Button.
screens-picture-ask = Take a picture of it
# State.
screens-picture-asked = The screen is asked for its picture …
# State.
screens-picture-silent = The screen has not answered: is it on?
# State.
screens-picture-browser = This screen’s browser keeps pages from drawing themselves, as older televisions do.
# State.
screens-picture-no-board = It shows no board at this moment.
# State.
screens-picture-large = Its picture is too large.
# A name follows.
screens-picture-of = What is on the screen
# Below a picture.
screens-picture-once = Kept nowhere: it is gone when this page is opened again. Fonts may differ from the screen’s.
