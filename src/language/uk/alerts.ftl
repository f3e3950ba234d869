# Alerts, as the pages of administration show them.

# Heading.
admin-alerts = Сповіщення
# Below alerts.
admin-alerts-what = Що потребує уваги зараз, за правилами для Prometheus; стежить сама Tablica. Одержувачів сповіщають так, як указано в конфігурації.
# The config says alerts.watch = false.
admin-alerts-unwatched = Ніхто не стежить: alerts.watch має значення false.
# Heading.
admin-alerts-now = Зараз
# The server has just started.
admin-alerts-not-looked = Ще не перевірено.
# Nothing is wrong.
admin-alerts-none = Нічого: усе гаразд.
# A number follows.
admin-alerts-pending = Ось-ось почнуться, якщо це триватиме:
# Column.
admin-alert-severity = Терміновість
# Somebody has to do something now.
admin-alert-page = зараз
# Somebody has to do something today.
admin-alert-ticket = сьогодні
# Column.
admin-alert-what = Що
# Column: a moment.
admin-alert-since = З
# Column.
admin-alert-told = Кого сповіщають
# Instead of names of receivers.
admin-alert-nobodys = нікого: немає одержувача для цього
# A key of the config follows.
admin-alert-off = нікого, через
# A moment follows.
admin-alert-silenced = нікого: заглушено до
# The name of another alert follows.
admin-alert-explained = нікого: причина —
# Link to Grafana.
admin-alert-dashboard = панель
# Column.
admin-alert-silence = Заглушити
# Field: a length.
admin-alert-for = На
# Field.
admin-alert-why = Чому
# Button.
admin-alert-silence-it = Заглушити
# Heading.
admin-alerts-receivers = Одержувачі
# A section of the config follows.
admin-alerts-nobody = Нікого не сповіщають: у конфігурації немає розділу
# Column.
admin-receiver-name = Одержувач
# Column.
admin-receiver-by = Як
# Column.
admin-receiver-about = Про що
# Which alerts.
admin-receiver-all = про все
# Which alerts.
admin-receiver-floor = про те, що помічають клієнти
# Which alerts.
admin-receiver-operator = про те, що робить сервер
# Which alerts.
admin-receiver-pages-only = лише термінове
# Column: a moment.
admin-receiver-last = Останнє повідомлення
# Instead of a moment.
admin-receiver-never = від запуску не було
# Button.
admin-receiver-test = Надіслати пробне
# Heading.
admin-alerts-silences = Заглушене
# Column: a moment.
admin-silence-until = До
# Column.
admin-silence-by = Хто й чому
# Button.
admin-silence-end = Зняти
# It is done.
admin-alert-said-silenced = Заглушено.
# It is done.
admin-alert-said-unsilenced = Заглушення знято.
# It is done.
admin-alert-said-tested = Пробне повідомлення прийнято.
# On the first page: alerts that hold.
admin-alerts-urgent =
    { $count ->
        [one] { $count } потребує уваги зараз
        [few] { $count } потребують уваги зараз
       *[other] { $count } потребують уваги зараз
    }

# What each alert is called on a wall.
alert-ServiceLevelBelowGoal = Рівень сервісу нижче цілі
alert-CallerWaitsTooLong = Абонент чекає надто довго
alert-MessageWaitsTooLong = Повідомлення чекає надто довго
alert-AbandonedMany = Багато клієнтів не дочекалися
alert-UnansweredPileUp = Повідомлення без відповіді
alert-PolicyOverdue = Обіцянки прострочено
alert-PolicyAtRisk = Обіцянки ось-ось порушаться
alert-PromisesPileUp = Обіцянки під загрозою
alert-ChannelFeedSilent = Нічого не надходить
alert-PublicCriticismJumped = Сплеск критики
alert-TablicaQuarantineGrowing = Повідомлення не читаються
alert-TablicaQuarantineFull = Карантин переповнено
alert-TablicaPluginResting = Плагін зупинено після збоїв
alert-TablicaSignatureFailures = Хибні підписи
alert-TablicaTurnsWebhooksAway = Вебхуки відхиляються
alert-TablicaDoorsRefuse = Запити відхиляються
alert-TablicaLoginsLimited = Хтось добирає паролі
alert-TablicaScreenPictureOld = Екран завмер
alert-TablicaScreenGone = Екран зник
alert-TablicaJournalNotWritable = Нічого не можна зберегти
alert-TablicaJournalEventsMissing = Події втрачено
alert-TablicaFileSetAside = Пошкоджений файл відкладено
alert-TablicaJournalSlow = Диск працює повільно
alert-TablicaDiskFillsUp = Диск заповниться за добу
alert-TablicaEngineBehind = Дані запізнюються
alert-TablicaClockJumped = Годинник стрибнув
alert-TablicaRestartsOften = Сервер часто перезапускається
alert-TablicaLimitHit = Досягнуто межі
alert-TablicaTopicsFileBad = Правила тем не читаються
alert-TablicaReloadFailed = Нову конфігурацію не прийнято
alert-TablicaNotReporting = Сервер не віддає метрик
alert-TablicaReportNotMailed = Звіт не надіслано
alert-StaffingShort = Бракує агентів
alert-PublicPostsUnanswered = Публічні запитання без відповіді
alert-CustomersNotReached = Багато клієнтів без відповіді
alert-TablicaFreshnessBudgetBurns = Дані постійно запізнюються
alert-TablicaFreshnessBudgetShrinks = Дані часто запізнюються
