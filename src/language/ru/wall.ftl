# What the server itself says on walls. Texts stand within narrow tiles: short words.

# The decimal sign, what stands between groups of three digits, and from how many digits on.
number-decimal = ,
number-group = {"\u00A0"}
number-group-from = 5
figure-with-unit = { $figure }{"\u00A0"}{ $unit }

# Lengths of time.
length-seconds = { $number }{"\u00A0"}с
length-minutes = { $number }{"\u00A0"}мин
length-hours = { $number }{"\u00A0"}ч
length-days-in-full =
    { $number ->
        [one] { $number }{"\u00A0"}день
        [few] { $number }{"\u00A0"}дня
       *[many] { $number }{"\u00A0"}дней
    }
# Units so short that two of them stand side by side: "2 h 10 min".
unit-second = с
unit-minute = мин
unit-hour = ч
unit-day = д
ago = { $length } назад
just-now = сейчас

# What a trend's axis counts.
per-minute = в минуту
# A trend's line of the same hour before.
trend-yesterday = вчера
trend-last-week = неделю назад

# The counts behind a share: "833 of 1,017 in 20 s".
part-of-whole = { $part } из { $whole }
counts-within = { $counts } за { $length }
counts-at-goal = { $counts } в цели
worst = хуже всего: { $who }

# What a number is over.
no-queue = без очереди
all-queues = все очереди
window-minutes = последние { $number }{"\u00A0"}мин
window-today = сегодня
window-yesterday = вчера
window-shift = эта смена
window-24-hours = 24{"\u00A0"}ч
window-48-hours = 48{"\u00A0"}ч

# Who is missing in a number.
without = без { $channels }
without-since = без { $channels } с { $time }

# Titles of tiles that show more than one number.
tile-trend = Последний час
tile-queue-table = Очереди
tile-policy-table = Обязательства SLA
tile-topic-table = Темы
tile-channel-table = Каналы
tile-waiting-list = Кто ждёт
tile-agents = Операторы
tile-promises-at-risk = Ближайшие сроки
tile-channel-strip = Каналы
tile-staffing = Нужно операторов
tile-health = Состояние системы
tile-alerts = Оповещения

# What is said of a number beside its colour. Against a goal:
verdict-on-target = цель достигнута
verdict-below-goal = ниже цели
verdict-above-goal = выше цели
# Somebody waits, and was promised an end of it:
verdict-in-time = в срок
verdict-late = просрочено
verdict-late-by = опоздание { $length }
# Against limits that are no promise:
verdict-fine = в норме
verdict-many = много
verdict-too-many = слишком много
verdict-few = мало
verdict-too-few = слишком мало
verdict-long = долго
verdict-too-long = слишком долго
verdict-soon = скоро
verdict-very-soon = вот-вот
verdict-high = высоко
verdict-too-high = слишком высоко
verdict-low = низко
verdict-too-low = слишком низко
# Of numbers that count just that:
verdict-at-risk = под угрозой
verdict-overdue = просрочено

# Heads of lists, and what stands in the place of one.
list-contact = Обращение
list-channel = Канал
list-queue = Очередь
list-policy = Обещание
list-alert = Что случилось
list-alert-of = Где
list-alert-lasts = Длится
list-waits = Ждёт
list-due = Срок ответа
list-paused = нерабочее время
list-nobody-waits = никто не ждёт
list-nothing-at-risk = открытых обещаний нет
list-already-missed = Уже просрочено
list-nobody-here = никого нет
list-nothing-announced = сообщений нет
list-than-yesterday = чем вчера
list-than-last-week = чем неделю назад
list-points = п.п.
left = ещё { $length }

# Days, as short as they are written.
weekday-mon = Пн
weekday-tue = Вт
weekday-wed = Ср
weekday-thu = Чт
weekday-fri = Пт
weekday-sat = Сб
weekday-sun = Вс
last-weeks =
    { $number ->
        [1] за неделю
        [one] за { $number } неделю
        [few] за { $number } недели
       *[many] за { $number } недель
    }

# What an agent does.
status-available = свободен
status-ringing = звонок
status-talking = разговор
status-hold = удержание
status-after-work = обработка
status-paused = пауза
status-offline = не в сети

# What an annotation is about.
annotation-campaign = Кампания
annotation-release = Релиз
annotation-outage = Сбой

# Leaderboards: from so many contacts on somebody is in them.
list-agent = Оператор
list-team = Команда
leaderboard-from = от { $number } обращений
leaderboard-nobody = пока ни у кого нет { $number } обращений

# What customers say when they are asked, and what they rate.
tile-quality = Оценки клиентов
quality-ratings =
    { $number ->
        [one] { $count } оценка
        [few] { $count } оценки
       *[many] { $count } оценок
    }
quality-only-ratings =
    { $number ->
        [one] всего { $count } оценка
        [few] всего { $count } оценки
       *[many] всего { $count } оценок
    }
quality-answered = { $share } опрошенных ответили · { $counts }
quality-no-ratings = оценок пока нет
dimension-clear = Понятно
dimension-easy = Легко
dimension-correct = Верно
dimension-fast = Быстро

# What the public says, and who waits in public.
tile-attention = Публичное внимание
attention-as-usual = как обычно
attention-jump = необычно много
attention-usually = обычно { $count } · { $sigma }
attention-unknown = сколько обычно, пока неизвестно
attention-mood = Тон
attention-praise = похвала
attention-neither = нейтрально
attention-criticism = критика
attention-nothing-said = публично ничего не написано
attention-unanswered = Без ответа
attention-oldest = Самое давнее из них
attention-none = публично пока ничего

# Who came and never got an answer.
reachability-of = из { $contacts } так и без ответа
reachability-none = никто не остался без ответа

# What must be known of the server itself.
notice-clock-ahead = Часы сервера перескочили на { $length } вперёд: числа по времени до скачка
notice-clock-back = Часы сервера перескочили на { $length } назад: числа по времени до скачка
notice-counted-anew = Часы сервера переведены: идёт пересчёт, числа пока могут быть неверны
notice-not-counted-anew = Часы сервера переведены, пересчёт не удался: до перезапуска числа могут быть неверны
notice-new-rules = Правила изменены: идёт пересчёт, числа пока по прежним правилам
notice-not-by-new-rules = Правила изменены, пересчёт не удался: до перезапуска числа по прежним правилам

# How the server itself is.
health-channels = Каналы
health-plugins = Плагины
health-journal = Журнал
health-figures = Цифры
health-disk = Диск
health-quarantine = Карантин
health-screens = Экраны
health-silent = молчат: { $names }
health-refused = запросы отклонены: { $names }
health-late = запаздывают: { $names }
health-at-work = все работают
health-resting = остановлены после сбоев: { $names }
health-kept = всё записывается
health-not-kept = ничего нельзя записать
health-up-to-date = свежие
health-behind = отстают на { $length }
health-free-gigabytes = { $number }{"\u00A0"}ГБ свободно
health-free-megabytes = { $number }{"\u00A0"}МБ свободно
health-empty = пуст
health-quarantined =
    { $number ->
        [one] { $number } непрочитанное сообщение
        [few] { $number } непрочитанных сообщения
       *[other] { $number } непрочитанных сообщений
    }
health-quarantined-at =
    { $number ->
        [one] { $number } непрочитанное сообщение, в { $time }
        [few] { $number } непрочитанных, последнее в { $time }
       *[other] { $number } непрочитанных, последнее в { $time }
    }
health-connected = на связи: { $number }
health-missing = пропали: { $names }
health-frozen = застыли: { $names }

# Alerts that hold.
alerts-none = оповещений нет
alerts-unwatched = никто не следит: alerts.watch равно false
alerts-silenced = заглушено

# Agents who are there, and those who should be.
staffing-present = на месте
staffing-needed = нужно
staffing-missing = не хватает { $number }
staffing-spare = в запасе { $number }
staffing-enough = хватает

# In the place of a picture or of another page.
image-missing = Картинки { $file } нет
image-too-large = Картинка { $file } слишком велика
image-does-not-load = Картинка { $file } не загружается
page-does-not-load = { $host } не отвечает
page-not-allowed = Страницы { $host } здесь не разрешены
page-forbids-frames = { $host } не даёт показывать себя внутри других страниц
