# What the server itself says on walls. Texts stand within narrow tiles: short words.

# The decimal sign, what stands between groups of three digits, and from how many digits on.
number-decimal = ,
number-group = {"\u00A0"}
number-group-from = 5
figure-with-unit = { $figure }{"\u00A0"}{ $unit }

# Lengths of time.
length-seconds = { $number }{"\u00A0"}с
length-minutes = { $number }{"\u00A0"}хв
length-hours = { $number }{"\u00A0"}год
length-days-in-full =
    { $number ->
        [one] { $number }{"\u00A0"}день
        [few] { $number }{"\u00A0"}дні
       *[many] { $number }{"\u00A0"}днів
    }
# Units so short that two of them stand side by side: "2 h 10 min".
unit-second = с
unit-minute = хв
unit-hour = год
unit-day = д
ago = { $length } тому
just-now = зараз

# What a trend's axis counts.
per-minute = за хвилину
# A trend's line of the same hour before.
trend-yesterday = вчора
trend-last-week = тиждень тому

# The counts behind a share: "833 of 1,017 in 20 s".
part-of-whole = { $part } з { $whole }
counts-within = { $counts } за { $length }
counts-at-goal = { $counts } у цілі
worst = найгірше: { $who }

# What a number is over.
no-queue = без черги
all-queues = усі черги
window-minutes = останні { $number }{"\u00A0"}хв
window-today = сьогодні
window-yesterday = вчора
window-shift = ця зміна
window-24-hours = 24{"\u00A0"}год
window-48-hours = 48{"\u00A0"}год

# Who is missing in a number.
without = без { $channels }
without-since = без { $channels } з { $time }

# Titles of tiles that show more than one number.
tile-trend = Остання година
tile-queue-table = Черги
tile-policy-table = Зобов’язання SLA
tile-topic-table = Теми
tile-channel-table = Канали
tile-waiting-list = Хто чекає
tile-agents = Оператори
tile-promises-at-risk = Найближчі строки
tile-channel-strip = Канали
tile-staffing = Потрібно операторів
tile-health = Стан системи
tile-alerts = Сповіщення

# What is said of a number beside its colour. Against a goal:
verdict-on-target = ціль досягнуто
verdict-below-goal = нижче цілі
verdict-above-goal = вище цілі
# Somebody waits, and was promised an end of it:
verdict-in-time = вчасно
verdict-late = прострочено
verdict-late-by = запізнення { $length }
# Against limits that are no promise:
verdict-fine = у нормі
verdict-many = багато
verdict-too-many = забагато
verdict-few = мало
verdict-too-few = замало
verdict-long = довго
verdict-too-long = надто довго
verdict-soon = скоро
verdict-very-soon = ось-ось
verdict-high = високо
verdict-too-high = зависоко
verdict-low = низько
verdict-too-low = занизько
# Of numbers that count just that:
verdict-at-risk = під загрозою
verdict-overdue = прострочено

# Heads of lists, and what stands in the place of one.
list-contact = Звернення
list-channel = Канал
list-queue = Черга
list-policy = Обіцянка
list-alert = Що сталося
list-alert-of = Де
list-alert-lasts = Триває
list-waits = Чекає
list-due = Строк відповіді
list-paused = неробочий час
list-nobody-waits = ніхто не чекає
list-nothing-at-risk = відкритих обіцянок немає
list-already-missed = Уже прострочено
list-nobody-here = нікого немає
list-nothing-announced = повідомлень немає
list-than-yesterday = ніж учора
list-than-last-week = ніж тиждень тому
list-points = в.п.
left = ще { $length }

# Days, as short as they are written.
weekday-mon = Пн
weekday-tue = Вт
weekday-wed = Ср
weekday-thu = Чт
weekday-fri = Пт
weekday-sat = Сб
weekday-sun = Нд
last-weeks =
    { $number ->
        [1] за тиждень
        [one] за { $number } тиждень
        [few] за { $number } тижні
       *[many] за { $number } тижнів
    }

# What an agent does.
status-available = вільний
status-ringing = дзвінок
status-talking = розмова
status-hold = утримання
status-after-work = обробка
status-paused = пауза
status-offline = не в мережі

# What an annotation is about.
annotation-campaign = Кампанія
annotation-release = Реліз
annotation-outage = Збій

# Leaderboards: from so many contacts on somebody is in them.
list-agent = Оператор
list-team = Команда
leaderboard-from = від { $number } звернень
leaderboard-nobody = ще ніхто не має { $number } звернень

# What customers say when they are asked, and what they rate.
tile-quality = Оцінки клієнтів
quality-ratings =
    { $number ->
        [one] { $count } оцінка
        [few] { $count } оцінки
       *[many] { $count } оцінок
    }
quality-only-ratings =
    { $number ->
        [one] лише { $count } оцінка
        [few] лише { $count } оцінки
       *[many] лише { $count } оцінок
    }
quality-answered = { $share } опитаних відповіли · { $counts }
quality-no-ratings = оцінок ще немає
dimension-clear = Зрозуміло
dimension-easy = Легко
dimension-correct = Правильно
dimension-fast = Швидко

# What the public says, and who waits in public.
tile-attention = Публічна увага
attention-as-usual = як зазвичай
attention-jump = незвично багато
attention-usually = зазвичай { $count } · { $sigma }
attention-unknown = скільки зазвичай, ще невідомо
attention-mood = Тон
attention-praise = похвала
attention-neither = нейтрально
attention-criticism = критика
attention-nothing-said = публічно нічого не написано
attention-unanswered = Без відповіді
attention-oldest = Найдавніше з них
attention-none = публічно ще нічого

# Who came and never got an answer.
reachability-of = з { $contacts } так і без відповіді
reachability-none = ніхто не залишився без відповіді

# What must be known of the server itself.
notice-clock-ahead = Годинник сервера перескочив на { $length } вперед: числа за часом до стрибка
notice-clock-back = Годинник сервера перескочив на { $length } назад: числа за часом до стрибка
notice-counted-anew = Годинник сервера переведено: триває перерахунок, числа поки можуть бути хибні
notice-not-counted-anew = Годинник сервера переведено, перерахунок не вдався: до перезапуску числа можуть бути хибні
notice-new-rules = Правила змінено: триває перерахунок, числа поки за попередніми правилами
notice-not-by-new-rules = Правила змінено, перерахунок не вдався: до перезапуску числа за попередніми правилами

# How the server itself is.
health-channels = Канали
health-plugins = Плагіни
health-journal = Журнал
health-figures = Цифри
health-disk = Диск
health-quarantine = Карантин
health-screens = Екрани
health-silent = мовчать: { $names }
health-refused = запити відхилено: { $names }
health-late = запізнюються: { $names }
health-at-work = усі працюють
health-resting = зупинені після збоїв: { $names }
health-kept = усе записується
health-not-kept = нічого не можна записати
health-up-to-date = свіжі
health-behind = відстають на { $length }
health-free-gigabytes = { $number }{"\u00A0"}ГБ вільно
health-free-megabytes = { $number }{"\u00A0"}МБ вільно
health-empty = порожній
health-quarantined =
    { $number ->
        [one] { $number } непрочитане повідомлення
        [few] { $number } непрочитані повідомлення
       *[other] { $number } непрочитаних повідомлень
    }
health-quarantined-at =
    { $number ->
        [one] { $number } непрочитане повідомлення, о { $time }
        [few] { $number } непрочитані, останнє о { $time }
       *[other] { $number } непрочитаних, останнє о { $time }
    }
health-connected = на зв’язку: { $number }
health-missing = зникли: { $names }
health-frozen = застигли: { $names }

# Alerts that hold.
alerts-none = сповіщень немає
alerts-unwatched = ніхто не стежить: alerts.watch має значення false
alerts-silenced = заглушено

# Agents who are there, and those who should be.
staffing-present = на місці
staffing-needed = потрібно
staffing-missing = бракує { $number }
staffing-spare = у запасі { $number }
staffing-enough = вистачає

# In the place of a picture or of another page.
image-missing = Зображення { $file } немає
image-too-large = Зображення { $file } завелике
image-does-not-load = Зображення { $file } не завантажується
page-does-not-load = { $host } не відповідає
page-not-allowed = Сторінки { $host } тут не дозволені
page-forbids-frames = { $host } не дозволяє показувати себе всередині інших сторінок
