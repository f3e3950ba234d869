# The words of pages for people: the list of boards, and how a number is made.
# Heading of the list.
page-boards = Boards
# What to do with the list.
page-how-to = Each board is made for a screen in the room. Open one in the screen’s browser and leave it open: it keeps itself up to date.
# There is none.
page-no-boards = There is none. Put a board file into the folder boards.dir.
# A board's file is good.
page-file-ok = file ok
# A board's file is bad, and what was good before is shown.
page-file-bad-shown = its file has mistakes: the last good version is shown
# A board's file is bad.
page-file-bad = its file has mistakes: it cannot be shown
# Before a number.
page-screens = screens now:
# How this number is made.
page-receipt = How this number is made
# Of the figure's course.
page-last-hour = The last hour
# The last hour cannot be drawn.
page-no-course = There is no course of the last hour for it.
# Heading of the definition.
page-meaning = What it means
# The formula in words.
page-formula = Formula
# Counts in the formula.
page-counts = Counted
# Thresholds in the formula.
page-thresholds = Thresholds
# The span of time.
page-window = Time
# A state has no span.
page-at-this-moment = at this moment
# Channels and how fresh they are.
page-channels = Channels in it
# No channel feeds it.
page-no-channels = none yet
# The last event of a channel.
page-last-event = last event
# No event of a channel.
page-never = no event yet
# Feeds.
page-live = live
# Feeds.
page-late = late
# Feeds.
page-silent = silent
# Other formulas on the same counts.
page-variants = By other formulas
# Rows of a table.
page-rows = By row
# All rows of a table together.
page-all-rows = all together
# Beside the code.
page-take-it = Take it along: point a phone’s camera here.
# The code leads to this machine only.
page-only-here = This address works on this machine only: server.public_url says the one for phones.
# No figure.
page-no-data = no data yet
# No figure.
page-not-applicable = not applicable here
# No figure.
page-concealed = concealed
# Before a clock time.
page-as-of = as of
# In a list, in place of the queue that whoever opens the board chooses.
any-queue = any
# In a list, in place of the channel that whoever opens the board chooses.
any-channel = any
# In a list, in place of the policy that whoever opens the board chooses.
any-policy = any
# In a list, in place of the topic that whoever opens the board chooses.
any-topic = any
# Above what can be chosen.
page-which-queue = Which queue? Each has a board of its own; leave it open on the screen.
# Above what can be chosen.
page-which-channel = Which channel? Each has a board of its own; leave it open on the screen.
# Above what can be chosen.
page-which-policy = Which policy? Each has a board of its own; leave it open on the screen.
# Above what can be chosen.
page-which-topic = Which topic? Each has a board of its own; leave it open on the screen.
# Below a board's title in the list: how many there are.
page-each-queue = one for each queue
# Below a board's title in the list: how many there are.
page-each-channel = one for each channel
# Below a board's title in the list: how many there are.
page-each-policy = one for each policy
# Below a board's title in the list: how many there are.
page-each-topic = one for each topic
# A board was asked for by a name that nothing has.
page-no-queue = There is no queue “{ $name }”
# A board was asked for by a name that nothing has.
page-no-channel = There is no channel “{ $name }”
# A board was asked for by a name that nothing has.
page-no-policy = There is no policy “{ $name }”
# A board was asked for by a name that nothing has.
page-no-topic = There is no topic “{ $name }”
# No queue is known yet.
page-nothing-to-choose = There is nothing to choose yet: come again when the first contact has come in.
# On a screen.
page-boards-full = As many boards of this kind are open as may be (boards.instances_max). This screen waits until one is free.
# After a name that nothing has.
page-did-you-mean = Did you mean “{ $name }”?
