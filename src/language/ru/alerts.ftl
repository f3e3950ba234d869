# Alerts, as the pages of administration show them.

# Heading.
admin-alerts = Оповещения
# Below alerts.
admin-alerts-what = Что требует внимания сейчас, по правилам для Prometheus; следит сама Tablica. Получателей извещают так, как указано в конфигурации.
# The config says alerts.watch = false.
admin-alerts-unwatched = Никто не следит: alerts.watch равно false.
# Heading.
admin-alerts-now = Сейчас
# The server has just started.
admin-alerts-not-looked = Ещё не проверено.
# Nothing is wrong.
admin-alerts-none = Ничего: всё в порядке.
# A number follows.
admin-alerts-pending = Вот-вот начнутся, если это продлится:
# Column.
admin-alert-severity = Срочность
# Somebody has to do something now.
admin-alert-page = сейчас
# Somebody has to do something today.
admin-alert-ticket = сегодня
# Column.
admin-alert-what = Что
# Column: a moment.
admin-alert-since = С
# Column.
admin-alert-told = Кого извещают
# Instead of names of receivers.
admin-alert-nobodys = никого: нет получателя для этого
# A key of the config follows.
admin-alert-off = никого, из-за
# A moment follows.
admin-alert-silenced = никого: заглушено до
# The name of another alert follows.
admin-alert-explained = никого: причина —
# Link to Grafana.
admin-alert-dashboard = панель
# Column.
admin-alert-silence = Заглушить
# Field: a length.
admin-alert-for = На
# Field.
admin-alert-why = Почему
# Button.
admin-alert-silence-it = Заглушить
# Heading.
admin-alerts-receivers = Получатели
# A section of the config follows.
admin-alerts-nobody = Никого не извещают: в конфигурации нет раздела
# Column.
admin-receiver-name = Получатель
# Column.
admin-receiver-by = Как
# Column.
admin-receiver-about = О чём
# Which alerts.
admin-receiver-all = обо всём
# Which alerts.
admin-receiver-floor = о том, что замечают клиенты
# Which alerts.
admin-receiver-operator = о том, что делает сервер
# Which alerts.
admin-receiver-pages-only = только срочное
# Column: a moment.
admin-receiver-last = Последнее сообщение
# Instead of a moment.
admin-receiver-never = с запуска не было
# Button.
admin-receiver-test = Отправить пробное
# Heading.
admin-alerts-silences = Заглушённое
# Column: a moment.
admin-silence-until = До
# Column.
admin-silence-by = Кто и почему
# Button.
admin-silence-end = Снять
# It is done.
admin-alert-said-silenced = Заглушено.
# It is done.
admin-alert-said-unsilenced = Заглушение снято.
# It is done.
admin-alert-said-tested = Пробное сообщение принято.
# On the first page: alerts that hold.
admin-alerts-urgent =
    { $count ->
        [one] { $count } требует внимания сейчас
        [few] { $count } требуют внимания сейчас
       *[other] { $count } требуют внимания сейчас
    }

# What each alert is called on a wall.
alert-ServiceLevelBelowGoal = Уровень сервиса ниже цели
alert-CallerWaitsTooLong = Звонящий ждёт слишком долго
alert-MessageWaitsTooLong = Сообщение ждёт слишком долго
alert-AbandonedMany = Многие клиенты не дожидаются
alert-UnansweredPileUp = Сообщения без ответа
alert-PolicyOverdue = Обещания просрочены
alert-PolicyAtRisk = Обещания вот-вот нарушатся
alert-PromisesPileUp = Обещания под угрозой
alert-ChannelFeedSilent = Ничего не поступает
alert-PublicCriticismJumped = Всплеск критики
alert-TablicaQuarantineGrowing = Сообщения не читаются
alert-TablicaQuarantineFull = Карантин переполнен
alert-TablicaPluginResting = Плагин остановлен после сбоев
alert-TablicaSignatureFailures = Неверные подписи
alert-TablicaTurnsWebhooksAway = Вебхуки отклоняются
alert-TablicaDoorsRefuse = Запросы отклоняются
alert-TablicaLoginsLimited = Кто-то подбирает пароли
alert-TablicaScreenPictureOld = Экран застыл
alert-TablicaScreenGone = Экран пропал
alert-TablicaJournalNotWritable = Ничего нельзя сохранить
alert-TablicaJournalEventsMissing = События утеряны
alert-TablicaFileSetAside = Повреждённый файл отложен
alert-TablicaJournalSlow = Диск работает медленно
alert-TablicaDiskFillsUp = Диск заполнится за сутки
alert-TablicaEngineBehind = Данные запаздывают
alert-TablicaClockJumped = Часы скакнули
alert-TablicaRestartsOften = Сервер часто перезапускается
alert-TablicaLimitHit = Достигнут предел
alert-TablicaTopicsFileBad = Правила тем не читаются
alert-TablicaReloadFailed = Новая конфигурация не принята
alert-TablicaNotReporting = Сервер не отдаёт метрики
alert-TablicaReportNotMailed = Отчёт не отправлен
alert-StaffingShort = Не хватает агентов
alert-PublicPostsUnanswered = Публичные вопросы без ответа
alert-CustomersNotReached = Многие клиенты без ответа
alert-TablicaFreshnessBudgetBurns = Данные всё время запаздывают
alert-TablicaFreshnessBudgetShrinks = Данные часто запаздывают
