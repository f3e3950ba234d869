# What the server itself says on walls. Texts stand within narrow tiles: short words.

# The decimal sign, what stands between groups of three digits, and from how many digits on.
number-decimal = .
number-group = ,
number-group-from = 4
figure-with-unit = { $figure }{ $unit }

# Lengths of time.
length-seconds = { $number }{"\u00A0"}s
length-minutes = { $number }{"\u00A0"}min
length-hours = { $number }{"\u00A0"}h
length-days-in-full =
    { $number ->
        [one] { $number }{"\u00A0"}day
       *[other] { $number }{"\u00A0"}days
    }
# Units so short that two of them stand side by side: "2 h 10 min".
unit-second = s
unit-minute = min
unit-hour = h
unit-day = d
ago = { $length } ago
just-now = now

# What a trend's axis counts.
per-minute = per minute
# A trend's line of the same hour before.
trend-yesterday = yesterday
trend-last-week = last week

# The counts behind a share: "833 of 1,017 in 20 s".
part-of-whole = { $part } of { $whole }
counts-within = { $counts } in { $length }
counts-at-goal = { $counts } at goal
worst = worst: { $who }

# What a number is over.
no-queue = no queue
all-queues = all queues
window-minutes = last { $number }{"\u00A0"}min
window-today = today
window-yesterday = yesterday
window-shift = this shift
window-24-hours = 24{"\u00A0"}h
window-48-hours = 48{"\u00A0"}h

# Who is missing in a number.
without = without { $channels }
without-since = without { $channels } since { $time }

# Titles of tiles that show more than one number.
tile-trend = Last hour
tile-queue-table = Queues
tile-policy-table = Promises
tile-topic-table = Topics
tile-channel-table = Channels
tile-waiting-list = Who waits
tile-agents = Agents
tile-promises-at-risk = Next deadlines
tile-channel-strip = Channels
tile-staffing = Agents needed
tile-health = Health
tile-alerts = Alerts

# What is said of a number beside its colour. Against a goal:
verdict-on-target = on target
verdict-below-goal = below goal
verdict-above-goal = above goal
# Somebody waits, and was promised an end of it:
verdict-in-time = in time
verdict-late = late
verdict-late-by = { $length } late
# Against limits that are no promise:
verdict-fine = fine
verdict-many = many
verdict-too-many = too many
verdict-few = few
verdict-too-few = too few
verdict-long = long
verdict-too-long = too long
verdict-soon = soon
verdict-very-soon = very soon
verdict-high = high
verdict-too-high = too high
verdict-low = low
verdict-too-low = too low
# Of numbers that count just that:
verdict-at-risk = at risk
verdict-overdue = overdue

# Heads of lists, and what stands in the place of one.
list-contact = Contact
list-channel = Channel
list-queue = Queue
list-policy = Promise
list-alert = Alert
list-alert-of = Where
list-alert-lasts = For
list-waits = Waits
list-due = Answer due
list-paused = outside hours
list-nobody-waits = nobody waits
list-nothing-at-risk = no promise is open
list-already-missed = Already missed
list-nobody-here = nobody is here
list-nothing-announced = no message
list-than-yesterday = vs yesterday
list-than-last-week = vs last week
list-points = pts
left = { $length } left

# Days, as short as they are written.
weekday-mon = Mon
weekday-tue = Tue
weekday-wed = Wed
weekday-thu = Thu
weekday-fri = Fri
weekday-sat = Sat
weekday-sun = Sun
last-weeks =
    { $number ->
        [1] last week
        [one] last { $number } week
       *[other] last { $number } weeks
    }

# What an agent does.
status-available = available
status-ringing = ringing
status-talking = talking
status-hold = on hold
status-after-work = wrap-up
status-paused = paused
status-offline = offline

# What an annotation is about.
annotation-campaign = Campaign
annotation-release = Release
annotation-outage = Outage

# Leaderboards: from so many contacts on somebody is in them.
list-agent = Agent
list-team = Team
leaderboard-from = from { $number } contacts
leaderboard-nobody = nobody has { $number } contacts yet

# What customers say when they are asked, and what they rate.
tile-quality = Customer ratings
quality-ratings =
    { $number ->
        [one] { $count } rating
       *[other] { $count } ratings
    }
quality-only-ratings =
    { $number ->
        [one] only { $count } rating
       *[other] only { $count } ratings
    }
quality-answered = { $share } of those asked answered · { $counts }
quality-no-ratings = no ratings yet
dimension-clear = Clear
dimension-easy = Easy
dimension-correct = Correct
dimension-fast = Fast

# What the public says, and who waits in public.
tile-attention = Public attention
attention-as-usual = as usual
attention-jump = unusually many
attention-usually = usually { $count } · { $sigma }
attention-unknown = what is usual is not known yet
attention-mood = Tone
attention-praise = praise
attention-neither = neutral
attention-criticism = critical
attention-nothing-said = nothing said in public
attention-unanswered = Unanswered
attention-oldest = Oldest of them
attention-none = nothing in public yet

# Who came and never got an answer.
reachability-of = of { $contacts } never got an answer
reachability-none = nobody was left without an answer

# What must be known of the server itself.
notice-clock-ahead = The server’s clock jumped ahead by { $length }: numbers go on by the time before
notice-clock-back = The server’s clock jumped back by { $length }: numbers go on by the time before
notice-counted-anew = The server’s clock was set: numbers are being counted anew and may still be wrong
notice-not-counted-anew = The server’s clock was set and counting anew failed: numbers may be wrong until a restart
notice-new-rules = The rules were changed: numbers are being counted anew and are still by the rules before
notice-not-by-new-rules = The rules were changed and counting anew failed: numbers are by the rules before until a restart

# How the server itself is.
health-channels = Channels
health-plugins = Plugins
health-journal = Journal
health-figures = Figures
health-disk = Disk
health-quarantine = Quarantine
health-screens = Screens
health-silent = silent: { $names }
health-refused = requests refused: { $names }
health-late = late: { $names }
health-at-work = all at work
health-resting = stopped after failures: { $names }
health-kept = everything is kept
health-not-kept = nothing can be kept
health-up-to-date = up to date
health-behind = { $length } behind
health-free-gigabytes = { $number }{"\u00A0"}GB free
health-free-megabytes = { $number }{"\u00A0"}MB free
health-empty = empty
health-quarantined =
    { $number ->
        [one] { $number } message unread
       *[other] { $number } messages unread
    }
health-quarantined-at =
    { $number ->
        [one] { $number } message unread, at { $time }
       *[other] { $number } messages unread, the last at { $time }
    }
health-connected = { $number } connected
health-missing = gone: { $names }
health-frozen = standing still: { $names }

# Alerts that hold.
alerts-none = no alert
alerts-unwatched = nobody watches: alerts.watch is false
alerts-silenced = silenced

# Agents who are there, and those who should be.
staffing-present = present
staffing-needed = needed
staffing-missing = { $number } missing
staffing-spare = { $number } to spare
staffing-enough = enough

# In the place of a picture or of another page.
image-missing = There is no picture { $file }
image-too-large = The picture { $file } is too large
image-does-not-load = The picture { $file } does not load
page-does-not-load = { $host } does not answer
page-not-allowed = Pages of { $host } are not allowed here
page-forbids-frames = { $host } does not let itself be shown inside other pages
