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
# Of a button: the login that people have at work anyway.
oidc-button = Log in with your organisation’s account
# A link below it.
oidc-another = with another account
# Heading of the form with name and password.
oidc-or = Or with a name and password
# Why nobody comes in by it.
oidc-down = The login of your organisation does not answer at this moment. Try again later, or log in with a name and password if you have them here.
# Why nobody comes in by it.
oidc-odd = The login of your organisation and this server are not set up to fit each other. The server’s log says what is wrong: tell an admin.
# Why nobody comes in by it.
oidc-stale = This login was begun in another window, too long ago, or is over. Begin it again.
# Why nobody comes in by it.
oidc-denied = The login of your organisation did not let you in, or you stopped it there.
# Why nobody comes in by it.
oidc-token = What the login of your organisation says of you could not be verified, so nobody was let in. Begin again; if it stays so, tell an admin.
# Why nobody comes in by it.
oidc-no-role = Your organisation knows you, but none of your groups may use this server. Ask an admin to let you in, or log in with another account.
oidc-no-groups = Your organisation knows you, but your account is in so many groups that it does not say in which. Ask an admin.
# Why nobody comes in by it.
oidc-no-name = Your organisation gives no name for you that can be used here. Tell an admin: it is the key name_claim of the config.
# Why nobody comes in by it.
oidc-taken = Somebody else has your name here already. Ask an admin to remove or rename that person.
# Why nobody comes in by it.
oidc-full = There are as many people on this server as it may have. Tell an admin.
# Why nobody comes in by it.
oidc-too-many = Too many attempts. Try again in a quarter of an hour.
# Why nobody comes in by it.
oidc-disk = The server cannot write down logins at this moment. Try again soon.
# Why nobody comes in by it.
oidc-off = Nobody logs in here with an account of the organisation.
# Somebody has logged out. A link may follow.
oidc-left = You are logged out here. In this browser your organisation may know you still.
# The link.
oidc-leave = Log out there, too
# Of somebody without a password here.
access-vouched = Role and password are those of the organisation’s account: they are changed there, not here.
# In the place of a password.
admin-person-vouched = comes in with the organisation’s account
# Heading of a page that somebody may not see.
refused-role = This is not for your role
# A role, as above.
refused-role-what = It needs the role “{ $role }” or one above. An admin can give it to you, under Administration, People.
# Heading.
refused-login = You are not logged in any more
# What to do.
refused-login-what = Your login has ended, so nothing was changed. Log in and do it again.
# Heading.
refused-form = This page was too old
# What to do.
refused-form-what = It was made for another login, or cookies are not allowed; nothing was changed. Open it again and do it once more.
# Heading.
refused-origin = This did not come from a page of this server
# What to do; names of settings stay.
refused-origin-what = Nothing was changed. If you came here by a link, go back. If it happens on this server’s own pages, tell an admin: a proxy in between must leave the Host header as it is, or be one of server.trusted_proxies.
# Heading.
refused-closed = This is closed
# Why.
refused-closed-what = Nobody may open it.
# A name and a role.
refused-as = You are logged in as { $name } ({ $role }).
# Button.
refused-log-out = Log in as somebody else
# Of a channel.
admin-channel-refused = requests are refused
# Of a channel.
admin-channel-silent = silent
# Of a channel.
admin-channel-late = late
# Of a channel.
admin-channel-never = nothing has ever come
# Before what has come to a webhook.
admin-webhook = Requests of the network
# What has come to a webhook.
admin-webhook-never = None since the start of the server. Is its address registered with the network, and does the proxy forward /in/ to this server?
# What has come to a webhook; a number and a moment.
admin-webhook-refused = { $count } refused since { $time }: signature or secret is wrong. Compare the channel’s secret with the one that the network has.
# What has come to a webhook; a moment.
admin-webhook-taken = The last one at { $time }.
# After that; a number and a moment.
admin-webhook-strangers = { $count } of others refused since { $time }.
