# The words of login and administration.
# Heading and button of the login.
access-log-in = Log in
access-screen = A television needs no login. Open this on it:
# Button.
access-log-out = Log out
# Of a person or a token.
access-name = Name
# Field.
access-password = Password
# Field.
access-new-password = New password
# Heading and button.
access-change-password = Change your password
# Beside a new password.
access-password-rule = At least { $count } characters. A few words that only you would put together are best.
# The same for both.
access-wrong = The name or the password is wrong.
# A length follows.
access-too-many = Too many attempts. Try again in { $length }.
# The server has no time for it.
access-busy = Too many are logging in at this moment. Try again.
# Heading and button.
access-set-up = Make the first admin
# What the page is for.
access-set-up-why = Whoever has this link becomes the admin of this server: choose a name and a password. The link works once.
# The link was used or is old.
access-link-gone = This link does not work any more. Start the server again for a new one, or run: tablica access add NAME --role admin
# What is wrong.
access-bad-name = A name has up to 64 letters, digits, spaces and . _ @ -
# What is wrong.
access-taken = This name is taken.
# What is wrong.
access-unknown = There is nobody and nothing of this name.
# What is wrong.
access-last-admin = This is the last admin: make another one first.
# A role.
access-role-viewer = Viewer
# A role.
access-role-lead = Lead
# A role.
access-role-admin = Admin
# What it may do.
access-means-viewer = sees walls, figures and receipts.
# What it may do.
access-means-lead = also sees to boards, annotations, screens and the state of channels.
# What it may do.
access-means-admin = may do everything: people, tokens, retries, reloads.
# Heading of the first page.
admin-overview = Administration
# For a newcomer.
admin-overview-what = Tablica takes in what your networks tell, counts it and shows it on walls. Here you see whether it works, and change what people may change.
# State.
admin-ready = The server takes in events.
# State; reasons follow.
admin-not-ready = The server cannot take in events:
# Without the section.
admin-no-access = Everybody who reaches this address may do everything here. The section access of the config gives people names, roles and passwords.
# Below boards.
admin-boards-what = What hangs in the room. Each with its picture and what is wrong with its file.
# A number follows.
admin-boards-bad = files with mistakes: { $count }
# Heading.
admin-screens = Screens
# Below screens.
admin-screens-what = Televisions and browsers that show a board now.
# Screens with a name that are gone.
admin-screens-gone = missed: { $count }
# Heading.
admin-channels = Channels
# Below channels.
admin-channels-what = Telephone, messengers, mail and the other networks: whether each works, what went wrong last, and input that could not be read.
# There is none.
admin-channels-none = No channel is configured.
# State of a channel.
admin-channel-works = works
# State of a channel.
admin-channel-rests = its plugin failed too often and rests
# State of a channel.
admin-channel-link = a connection is not up
# State of a channel.
admin-channel-lacks = it lacks a right
# Before names and a version.
admin-plugin = Network and plugin
# Before a sentence.
admin-last-error = Last error
# Instead of the error.
admin-no-error = none
# Before a number of inputs.
admin-quarantine = In quarantine
# Button.
admin-retry = Read it again
# Below the button.
admin-retry-what = The server reads what is in quarantine again, within a second or two. What still cannot be read stays.
# Heading.
admin-annotations = Annotations
# Below annotations.
admin-annotations-what = Campaigns, releases and outages: they stand on trend lines and in reports, so that a peak is no riddle.
# There is none.
admin-annotations-none = There is none yet.
# Heading of the form.
admin-annotation-new = New annotation
# Field.
admin-annotation-title = What it is
# Field.
admin-annotation-kind = Kind
# Field: a moment.
admin-annotation-from = From
# Field: a moment, may be empty.
admin-annotation-to = Until
# Field.
admin-annotation-channel = Channel (empty: all)
# Field.
admin-annotation-queue = Queue (empty: all)
# It is changed there.
admin-annotation-in-file = in the file
# Kind.
admin-kind-campaign = campaign
# Kind.
admin-kind-release = release
# Kind.
admin-kind-outage = outage
# Kind.
admin-kind-other = other
# Heading.
admin-people = People and tokens
# Below people.
admin-people-what = Who may log in, and as what. Programs that read figures get a token instead of a password.
# Heading of the form.
admin-person-new = New person
# Field.
admin-role = Role
# Heading.
admin-tokens = Tokens for programs
# The header follows.
admin-tokens-what = A program sends its token in a header, never in the address:
# Heading of the form.
admin-token-add = New token
# A name follows.
admin-token-new = The token of
# Below the token.
admin-token-once = Copy it now: it is not kept here and is never shown again.
# Heading.
admin-audit = Audit log
# Below the audit log.
admin-audit-what = Who has done what, from where, and what came of it. The newest first.
# There is nothing.
admin-audit-none = Nothing has been done yet.
# Heading.
admin-account = Your account
# Head of a column.
admin-when = When
# Head of a column.
admin-who = Who
# Head of a column.
admin-from-where = From where
# Head of a column.
admin-what = What
# Head of a column.
admin-target = To what
# Head of a column.
admin-result = Result
# Result.
admin-done = done
# Head of a column of buttons.
admin-change = Change
# Button.
admin-add = Add
# Button.
admin-save = Save
# Button.
admin-remove = Remove
# Head of a column.
admin-head-channel = Channel
# Head of a column.
admin-head-queue = Queue
# Heading.
admin-reports = Reports
# Below reports.
admin-reports-what = What goes out by mail, and each whole day and week as a page, for spreadsheets and for programs.
# Heading.
admin-reports-mailed = By mail
# There is none.
admin-reports-no-mail = No report goes out by mail. The sections mail and report of the config say which are to.
# Heading.
admin-reports-pages = Days and weeks
# Heading.
admin-reports-days = Days
# Heading.
admin-reports-weeks = Weeks from Monday
# There is none.
admin-reports-none = No whole day has been counted yet.
# Column.
admin-report-name = Report
# Column.
admin-report-when = When
# Column: addresses.
admin-report-to = To
# Column: a moment.
admin-report-next = Next
# Column: a moment.
admin-report-sent = Last sent
# It was not sent.
admin-report-never = not yet
# A time follows.
admin-report-each-day = daily
# A number of people.
admin-report-undelivered = not delivered to: { $count }
# A moment follows.
admin-report-retry = next try { $time }
# Button.
admin-report-send = Send now
# Button.
admin-report-test = Send a test to me
# Field.
admin-report-address = Your mail address
# It is done.
admin-report-said-sent = The mail server has taken it.
# Before codes of languages.
admin-report-language = Language of the pages
# Heading.
admin-messages = Messages
# Below messages.
admin-messages-what = A line for the people in the room. Boards with a message or ticker tile show it at once, until it ends by itself.
# Heading of the form.
admin-message-new = New message
# Field and column.
admin-message-text = What stands there
# Field.
admin-message-level = How much it matters
# Choice.
admin-level-normal = normal
# Choice.
admin-level-important = important
# Field: a length.
admin-message-for = For
# Field and column: a moment.
admin-message-until = Until
# Column: a moment.
admin-message-from = Since
# Above boxes to tick.
admin-message-boards = On these boards (none ticked: all)
# Column.
admin-message-boards-column = Boards
# Instead of names.
admin-message-all-boards = all
# Button.
admin-message-show = Show it
# Button.
admin-message-end = End now
# Heading.
admin-messages-now = On the walls now
# There is none.
admin-messages-none = There is none.
# Heading.
admin-messages-ended = Ended
# No board shows messages.
admin-messages-no-place = No board has a message or ticker tile yet: nothing will be seen.
# Names of boards follow.
admin-messages-without = Without a tile for messages:
# It is done.
admin-message-said-shown = The walls show it.
# It is done.
admin-message-said-ended = It has ended.
# It is done.
admin-message-said-removed = It is gone from the list.
