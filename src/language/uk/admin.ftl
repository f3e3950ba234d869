# The words of login and administration.
# Heading and button of the login.
access-log-in = Увійти
access-screen = Телевізору вхід не потрібен. Відкрийте на ньому:
# Button.
access-log-out = Вийти
# Of a person or a token.
access-name = Ім’я
# Field.
access-password = Пароль
# Field.
access-new-password = Новий пароль
# Heading and button.
access-change-password = Змінити свій пароль
# Beside a new password.
access-password-rule = Щонайменше { $count } знаків. Найкраще – кілька слів, які так складете лише ви.
# The same for both.
access-wrong = Ім’я або пароль неправильні.
# A length follows.
access-too-many = Забагато спроб. Спробуйте знову через { $length }.
# The server has no time for it.
access-busy = Зараз входить забагато людей. Спробуйте ще раз.
# Heading and button.
access-set-up = Створити першого адміністратора
# What the page is for.
access-set-up-why = Хто має це посилання, стане адміністратором сервера: виберіть ім’я та пароль. Посилання діє один раз.
# The link was used or is old.
access-link-gone = Це посилання більше не діє. Запустіть сервер знову, щоб отримати нове, або виконайте: tablica access add NAME --role admin
# What is wrong.
access-bad-name = В імені до 64 літер, цифр, пробілів і знаків . _ @ -
# What is wrong.
access-taken = Це ім’я зайняте.
# What is wrong.
access-unknown = Нікого й нічого з таким іменем немає.
# What is wrong.
access-last-admin = Це останній адміністратор: спершу створіть іншого.
# A role.
access-role-viewer = Глядач
# A role.
access-role-lead = Старший зміни
# A role.
access-role-admin = Адміністратор
# What it may do.
access-means-viewer = бачить табло, показники та їх пояснення.
# What it may do.
access-means-lead = крім того, веде табло, примітки, екрани й бачить стан каналів.
# What it may do.
access-means-admin = може все: люди, токени, повтори, перезавантаження налаштувань.
# Heading of the first page.
admin-overview = Керування
# For a newcomer.
admin-overview-what = Tablica приймає те, що повідомляють ваші мережі, рахує й показує на табло. Тут видно, чи вона працює, і змінюється те, що можна змінювати.
# State.
admin-ready = Сервер приймає події.
# State; reasons follow.
admin-not-ready = Сервер не може приймати події:
# Without the section.
admin-no-access = Кожен, кому доступна ця адреса, може тут усе. Розділ access конфігурації дає людям імена, ролі та паролі.
# Below boards.
admin-boards-what = Те, що висить у залі. У кожного – картинка й помилки його файлу.
# A number follows.
admin-boards-bad = файлів із помилками: { $count }
# Heading.
admin-screens = Екрани
# Below screens.
admin-screens-what = Телевізори й браузери, які зараз показують табло.
# Screens with a name that are gone.
admin-screens-gone = бракує: { $count }
# Heading.
admin-channels = Канали
# Below channels.
admin-channels-what = Телефон, месенджери, пошта та інші мережі: чи працює кожна, що нещодавно пішло не так і що не вдалося прочитати.
# There is none.
admin-channels-none = Жоден канал не налаштовано.
# State of a channel.
admin-channel-works = працює
# State of a channel.
admin-channel-rests = плагін надто часто збоїв і відпочиває
# State of a channel.
admin-channel-link = немає з’єднання
# State of a channel.
admin-channel-lacks = йому бракує права
# Before names and a version.
admin-plugin = Мережа й плагін
# Before a sentence.
admin-last-error = Остання помилка
# Instead of the error.
admin-no-error = немає
# Before a number of inputs.
admin-quarantine = У карантині
# Button.
admin-retry = Прочитати знову
# Below the button.
admin-retry-what = Сервер знову прочитає те, що в карантині, за секунду-дві. Чого прочитати не вдасться, залишиться.
# Heading.
admin-annotations = Примітки
# Below annotations.
admin-annotations-what = Кампанії, випуски й збої: їх видно на графіках і у звітах, щоб сплеск не був загадкою.
# There is none.
admin-annotations-none = Поки немає жодної.
# Heading of the form.
admin-annotation-new = Нова примітка
# Field.
admin-annotation-title = Що це
# Field.
admin-annotation-kind = Вид
# Field: a moment.
admin-annotation-from = Від
# Field: a moment, may be empty.
admin-annotation-to = До
# Field.
admin-annotation-channel = Канал (порожньо: усі)
# Field.
admin-annotation-queue = Черга (порожньо: усі)
# It is changed there.
admin-annotation-in-file = у файлі
# Kind.
admin-kind-campaign = кампанія
# Kind.
admin-kind-release = випуск
# Kind.
admin-kind-outage = збій
# Kind.
admin-kind-other = інше
# Heading.
admin-people = Люди й токени
# Below people.
admin-people-what = Хто може ввійти й у якій ролі. Програми, що читають показники, отримують токен замість пароля.
# Heading of the form.
admin-person-new = Нова людина
# Field.
admin-role = Роль
# Heading.
admin-tokens = Токени для програм
# The header follows.
admin-tokens-what = Програма надсилає токен у заголовку, ніколи в адресі:
# Heading of the form.
admin-token-add = Новий токен
# A name follows.
admin-token-new = Токен для
# Below the token.
admin-token-once = Скопіюйте його зараз: тут він не зберігається і більше не буде показаний.
# Heading.
admin-audit = Журнал дій
# Below the audit log.
admin-audit-what = Хто, що й звідки зробив і що з того вийшло. Нові спершу.
# There is nothing.
admin-audit-none = Поки нічого не зроблено.
# Heading.
admin-account = Ваш обліковий запис
# Head of a column.
admin-when = Коли
# Head of a column.
admin-who = Хто
# Head of a column.
admin-from-where = Звідки
# Head of a column.
admin-what = Що
# Head of a column.
admin-target = Над чим
# Head of a column.
admin-result = Результат
# Result.
admin-done = зроблено
# Head of a column of buttons.
admin-change = Змінити
# Button.
admin-add = Додати
# Button.
admin-save = Зберегти
# Button.
admin-remove = Видалити
# Head of a column.
admin-head-channel = Канал
# Head of a column.
admin-head-queue = Черга
# Heading.
admin-reports = Звіти
# Below reports.
admin-reports-what = Що надсилається поштою, а також кожен повний день і тиждень: сторінкою, для таблиць і для програм.
# Heading.
admin-reports-mailed = Поштою
# There is none.
admin-reports-no-mail = Жоден звіт не надсилається поштою. Це задають розділи mail і report налаштувань.
# Heading.
admin-reports-pages = Дні й тижні
# Heading.
admin-reports-days = Дні
# Heading.
admin-reports-weeks = Тижні від понеділка
# There is none.
admin-reports-none = Ще не нараховано жодного повного дня.
# Column.
admin-report-name = Звіт
# Column.
admin-report-when = Коли
# Column: addresses.
admin-report-to = Кому
# Column: a moment.
admin-report-next = Наступний
# Column: a moment.
admin-report-sent = Надіслано
# It was not sent.
admin-report-never = ще ні
# A time follows.
admin-report-each-day = щодня
# A number of people.
admin-report-undelivered = не доставлено, отримувачів: { $count }
# A moment follows.
admin-report-retry = наступна спроба { $time }
# Button.
admin-report-send = Надіслати зараз
# Button.
admin-report-test = Надіслати пробний мені
# Field.
admin-report-address = Ваша адреса пошти
# It is done.
admin-report-said-sent = Поштовий сервер його прийняв.
# Before codes of languages.
admin-report-language = Мова сторінок
# Heading.
admin-messages = Повідомлення
# Below messages.
admin-messages-what = Рядок для людей у залі. Табло з плиткою message або ticker показують його одразу, доки він сам не закінчиться.
# Heading of the form.
admin-message-new = Нове повідомлення
# Field and column.
admin-message-text = Текст повідомлення
# Field.
admin-message-level = Важливість
# Choice.
admin-level-normal = звичайне
# Choice.
admin-level-important = важливе
# Field: a length.
admin-message-for = На скільки
# Field and column: a moment.
admin-message-until = До якого часу
# Column: a moment.
admin-message-from = Від якого часу
# Above boxes to tick.
admin-message-boards = На цих табло (нічого не позначено: на всіх)
# Column.
admin-message-boards-column = На табло
# Instead of names.
admin-message-all-boards = усі
# Button.
admin-message-show = Показати
# Button.
admin-message-end = Завершити зараз
# Heading.
admin-messages-now = Зараз на табло
# There is none.
admin-messages-none = Немає жодного.
# Heading.
admin-messages-ended = Завершені
# No board shows messages.
admin-messages-no-place = На жодному табло ще немає плитки message або ticker: нічого не буде видно.
# Names of boards follow.
admin-messages-without = Без плитки для повідомлень:
# It is done.
admin-message-said-shown = Табло його показують.
# It is done.
admin-message-said-ended = Його завершено.
# It is done.
admin-message-said-removed = Видалено зі списку.
