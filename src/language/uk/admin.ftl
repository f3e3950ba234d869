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
# Of a button: the login that people have at work anyway.
oidc-button = Увійти з обліковим записом організації
# A link below it.
oidc-another = з іншим обліковим записом
# Heading of the form with name and password.
oidc-or = Або за ім’ям і паролем
# Why nobody comes in by it.
oidc-down = Вхід організації зараз не відповідає. Спробуйте пізніше або увійдіть за ім’ям і паролем, якщо вони у вас тут є.
# Why nobody comes in by it.
oidc-odd = Вхід організації та цей сервер не налаштовані одне під одного. У журналі сервера сказано, що не так: повідомте адміністратора.
# Why nobody comes in by it.
oidc-stale = Цей вхід розпочато в іншому вікні, надто давно або вже завершено. Почніть його знову.
# Why nobody comes in by it.
oidc-denied = Вхід організації вас не впустив, або ви його там перервали.
# Why nobody comes in by it.
oidc-token = Відомості про вас від входу організації не вдалося перевірити, тому нікого не впущено. Почніть знову; якщо повториться, повідомте адміністратора.
# Why nobody comes in by it.
oidc-no-role = Організація вас знає, але жодна з ваших груп не має доступу до цього сервера. Попросіть адміністратора або увійдіть з іншим обліковим записом.
oidc-no-groups = Організація вас знає, але ваш обліковий запис належить до стількох груп, що не повідомляє, до яких. Зверніться до адміністратора.
# Why nobody comes in by it.
oidc-no-name = Організація не повідомляє імені, яке тут підходить. Повідомте адміністратора: це ключ name_claim у налаштуваннях.
# Why nobody comes in by it.
oidc-taken = Ваше ім’я тут уже зайняте іншою людиною. Попросіть адміністратора видалити або перейменувати її.
# Why nobody comes in by it.
oidc-full = На цьому сервері вже стільки людей, скільки може бути. Повідомте адміністратора.
# Why nobody comes in by it.
oidc-too-many = Забагато спроб. Спробуйте знову за чверть години.
# Why nobody comes in by it.
oidc-disk = Сервер зараз не може записувати входи. Спробуйте невдовзі знову.
# Why nobody comes in by it.
oidc-off = Тут не можна увійти з обліковим записом організації.
# Somebody has logged out. A link may follow.
oidc-left = Тут ви вийшли. У цьому браузері організація може вас іще пам’ятати.
# The link.
oidc-leave = Вийти й там
# Of somebody without a password here.
access-vouched = Роль і пароль – від облікового запису організації: їх змінюють там, а не тут.
# In the place of a password.
admin-person-vouched = входить з обліковим записом організації
# Heading of a page that somebody may not see.
refused-role = Це не для вашої ролі
# A role, as above.
refused-role-what = Потрібна роль «{ $role }» або вища. Її може надати адміністратор: «Керування», «Люди».
# Heading.
refused-login = Ви більше не ввійшли
# What to do.
refused-login-what = Термін входу минув, тому нічого не змінено. Увійдіть і зробіть це ще раз.
# Heading.
refused-form = Ця сторінка застаріла
# What to do.
refused-form-what = Її створено для іншого входу, або cookie заборонені; нічого не змінено. Відкрийте її знову й повторіть.
# Heading.
refused-origin = Це надійшло не зі сторінки цього сервера
# What to do; names of settings stay.
refused-origin-what = Нічого не змінено. Якщо вас привело посилання, поверніться. Якщо це трапляється на сторінках цього сервера, повідомте адміністратора: проксі має залишати заголовок Host як є або бути серед server.trusted_proxies.
# Heading.
refused-closed = Це закрито
# Why.
refused-closed-what = Відкрити це не може ніхто.
# A name and a role.
refused-as = Ви ввійшли як { $name } ({ $role }).
# Button.
refused-log-out = Увійти як інший
# Of a channel.
admin-channel-refused = запити відхиляються
# Of a channel.
admin-channel-silent = мовчить
# Of a channel.
admin-channel-late = запізнюється
# Of a channel.
admin-channel-never = ще нічого не надходило
# Before what has come to a webhook.
admin-webhook = Запити мережі
# What has come to a webhook.
admin-webhook-never = Жодного від запуску сервера. Чи зареєстровано адресу в мережі, чи передає проксі /in/ на цей сервер?
# What has come to a webhook; a number and a moment.
admin-webhook-refused = Відхилено { $count } з { $time }: підпис або секрет неправильні. Порівняйте секрет каналу з тим, що має мережа.
# What has come to a webhook; a moment.
admin-webhook-taken = Останній: { $time }.
# After that; a number and a moment.
admin-webhook-strangers = Відхилено чужих: { $count } з { $time }.
