# Alerts, as the pages of administration show them.

# Heading.
admin-alerts = Alerts
# Below alerts.
admin-alerts-what = What needs somebody now, as the rules for Prometheus say; watched by Tablica itself. Receivers are told as the config says.
# The config says alerts.watch = false.
admin-alerts-unwatched = Nobody watches: alerts.watch is false.
# Heading.
admin-alerts-now = Now
# The server has just started.
admin-alerts-not-looked = Not looked yet.
# Nothing is wrong.
admin-alerts-none = Nothing: all is well.
# A number follows.
admin-alerts-pending = About to begin, if it lasts:
# Column.
admin-alert-severity = How urgent
# Somebody has to do something now.
admin-alert-page = now
# Somebody has to do something today.
admin-alert-ticket = today
# Column.
admin-alert-what = What
# Column: a moment.
admin-alert-since = Since
# Column.
admin-alert-told = Who is told
# Instead of names of receivers.
admin-alert-nobodys = nobody: no receiver is for it
# A key of the config follows.
admin-alert-off = nobody, by
# A moment follows.
admin-alert-silenced = nobody: silenced until
# The name of another alert follows.
admin-alert-explained = nobody: explained by
# Link to Grafana.
admin-alert-dashboard = dashboard
# Column.
admin-alert-silence = Silence
# Field: a length.
admin-alert-for = For
# Field.
admin-alert-why = Why
# Button.
admin-alert-silence-it = Silence
# Heading.
admin-alerts-receivers = Receivers
# A section of the config follows.
admin-alerts-nobody = Nobody is told: the config has no section
# Column.
admin-receiver-name = Receiver
# Column.
admin-receiver-by = By
# Column.
admin-receiver-about = About
# Which alerts.
admin-receiver-all = everything
# Which alerts.
admin-receiver-floor = what customers notice
# Which alerts.
admin-receiver-operator = what the server does
# Which alerts.
admin-receiver-pages-only = only what is urgent
# Column: a moment.
admin-receiver-last = Last message
# Instead of a moment.
admin-receiver-never = none since the start
# Button.
admin-receiver-test = Send a test
# Heading.
admin-alerts-silences = Silences
# Column: a moment.
admin-silence-until = Until
# Column.
admin-silence-by = Who and why
# Button.
admin-silence-end = End it
# It is done.
admin-alert-said-silenced = It is silenced.
# It is done.
admin-alert-said-unsilenced = The silence has ended.
# It is done.
admin-alert-said-tested = The test was taken.
# On the first page: alerts that hold.
admin-alerts-urgent =
    { $count ->
        [one] { $count } needs somebody now
       *[other] { $count } need somebody now
    }

# What each alert is called on a wall.
alert-ServiceLevelBelowGoal = Service level below goal
alert-CallerWaitsTooLong = Caller waits too long
alert-MessageWaitsTooLong = Message waits too long
alert-AbandonedMany = Many customers give up
alert-UnansweredPileUp = Unanswered messages pile up
alert-PolicyOverdue = Promises are overdue
alert-PolicyAtRisk = Promises are about to break
alert-PromisesPileUp = Most promises are at risk
alert-ChannelFeedSilent = Nothing comes in
alert-PublicCriticismJumped = Public criticism has jumped
alert-TablicaQuarantineGrowing = Messages cannot be read
alert-TablicaQuarantineFull = Quarantine is full
alert-TablicaPluginResting = Plugin stopped after failures
alert-TablicaSignatureFailures = Wrong signatures
alert-TablicaTurnsWebhooksAway = Webhooks are turned away
alert-TablicaDoorsRefuse = Requests are refused
alert-TablicaLoginsLimited = Somebody guesses passwords
alert-TablicaScreenPictureOld = Screen stands still
alert-TablicaScreenGone = Screen is gone
alert-TablicaJournalNotWritable = Nothing can be kept
alert-TablicaJournalEventsMissing = Events were lost
alert-TablicaFileSetAside = Damaged file set aside
alert-TablicaJournalSlow = Disk is slow
alert-TablicaDiskFillsUp = Disk is full within a day
alert-TablicaEngineBehind = Numbers come late
alert-TablicaClockJumped = Clock has jumped
alert-TablicaRestartsOften = Server restarts often
alert-TablicaLimitHit = Limit reached
alert-TablicaTopicsFileBad = Topic rules unreadable
alert-TablicaReloadFailed = New config was not taken
alert-TablicaNotReporting = Server gives no metrics
alert-TablicaReportNotMailed = Report was not mailed
alert-StaffingShort = Too few agents
alert-PublicPostsUnanswered = Public questions unanswered
alert-CustomersNotReached = Many customers never answered
alert-TablicaFreshnessBudgetBurns = Numbers late again and again
alert-TablicaFreshnessBudgetShrinks = Numbers late too often
