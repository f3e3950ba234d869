# The words of reports as letters and pages.
# Heading and subject.
report-daily = Daily report
# Heading and subject.
report-weekly = Weekly report
# A moment follows.
report-provisional = Provisional until { $time }: contacts that are still open may change these figures.
# A figure follows.
report-day-before = day before: { $figure }
# A figure follows.
report-week-before = week before: { $figure }
# Heading above promises.
report-promised = What was promised
# Column.
report-policy = Promise
# Column, and before a share.
report-goal = Goal
# Column.
report-met = Met
# A promise was.
report-kept = kept
# A promise was.
report-broken = not kept
# Heading above bars.
report-by-hour = Contacts by hour
# Heading above bars.
report-by-day = Contacts by day
# Heading.
report-busiest = Busiest quarters of an hour
# Heading.
report-worst = Quarters of an hour with the lowest service level
# Heading above annotations.
report-happened = What happened
# Above three columns.
report-per-hour = Contacts per hour before, during and after
# Column.
report-topic = Topic
# Below a list that is cut.
report-more = and { $number } more on the page of the report
# How many ratings a figure is of.
report-of-ratings =
    { $number ->
        [one] of { $number } rating
       *[other] of { $number } ratings
    }
# Instead of a figure.
report-no-data = no data
# Instead of a figure of very few contacts of one agent.
report-concealed = concealed
# Instead of figures.
report-nothing = Nothing was counted.
# Below it all.
report-legend = The figures are those of the wall. A dash: it makes no sense there. “Concealed”: of fewer than five contacts of one agent.
# A link.
report-link = Open this report as a page
# Below it all; a name of the config.
report-sent-by = Sent by Tablica by itself. Who gets it is said in the server’s config, section report.{ $name }.
# A queue follows.
report-only-queue = Queue: { $name }
# A channel follows.
report-only-channel = Channel: { $name }
