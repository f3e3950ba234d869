# The words of login and administration.
# Heading and button of the login.
access-log-in = Войти
access-screen = Телевизору вход не нужен. Откройте на нём:
# Button.
access-log-out = Выйти
# Of a person or a token.
access-name = Имя
# Field.
access-password = Пароль
# Field.
access-new-password = Новый пароль
# Heading and button.
access-change-password = Сменить свой пароль
# Beside a new password.
access-password-rule = Не меньше { $count } знаков. Лучше всего несколько слов, которые так сложите только вы.
# The same for both.
access-wrong = Имя или пароль неверны.
# A length follows.
access-too-many = Слишком много попыток. Попробуйте снова через { $length }.
# The server has no time for it.
access-busy = Сейчас входит слишком много людей. Попробуйте ещё раз.
# Heading and button.
access-set-up = Создать первого администратора
# What the page is for.
access-set-up-why = У кого есть эта ссылка, тот станет администратором сервера: выберите имя и пароль. Ссылка действует один раз.
# The link was used or is old.
access-link-gone = Эта ссылка больше не действует. Запустите сервер снова, чтобы получить новую, или выполните: tablica access add NAME --role admin
# What is wrong.
access-bad-name = В имени до 64 букв, цифр, пробелов и знаков . _ @ -
# What is wrong.
access-taken = Это имя занято.
# What is wrong.
access-unknown = Никого и ничего с таким именем нет.
# What is wrong.
access-last-admin = Это последний администратор: сначала создайте другого.
# A role.
access-role-viewer = Наблюдатель
# A role.
access-role-lead = Старший смены
# A role.
access-role-admin = Администратор
# What it may do.
access-means-viewer = видит табло, показатели и их объяснения.
# What it may do.
access-means-lead = кроме того, ведёт табло, пометки, экраны и видит состояние каналов.
# What it may do.
access-means-admin = может всё: люди, токены, повторы, перезагрузка настроек.
# Heading of the first page.
admin-overview = Управление
# For a newcomer.
admin-overview-what = Tablica принимает то, что сообщают ваши сети, считает и показывает на табло. Здесь видно, работает ли она, и меняется то, что можно менять.
# State.
admin-ready = Сервер принимает события.
# State; reasons follow.
admin-not-ready = Сервер не может принимать события:
# Without the section.
admin-no-access = Каждый, кому доступен этот адрес, может здесь всё. Раздел access конфигурации даёт людям имена, роли и пароли.
# Below boards.
admin-boards-what = То, что висит в зале. У каждого – картинка и ошибки его файла.
# A number follows.
admin-boards-bad = файлов с ошибками: { $count }
# Heading.
admin-screens = Экраны
# Below screens.
admin-screens-what = Телевизоры и браузеры, которые сейчас показывают табло.
# Screens with a name that are gone.
admin-screens-gone = не хватает: { $count }
# Heading.
admin-channels = Каналы
# Below channels.
admin-channels-what = Телефон, мессенджеры, почта и другие сети: работает ли каждая, что недавно пошло не так и что не удалось прочитать.
# There is none.
admin-channels-none = Ни один канал не настроен.
# State of a channel.
admin-channel-works = работает
# State of a channel.
admin-channel-rests = плагин слишком часто сбоил и отдыхает
# State of a channel.
admin-channel-link = нет соединения
# State of a channel.
admin-channel-lacks = ему не хватает права
# Before names and a version.
admin-plugin = Сеть и плагин
# Before a sentence.
admin-last-error = Последняя ошибка
# Instead of the error.
admin-no-error = нет
# Before a number of inputs.
admin-quarantine = В карантине
# Button.
admin-retry = Прочитать снова
# Below the button.
admin-retry-what = Сервер снова прочтёт то, что в карантине, за секунду-две. Что прочитать не удастся, останется.
# Heading.
admin-annotations = Пометки
# Below annotations.
admin-annotations-what = Кампании, выпуски и сбои: они видны на графиках и в отчётах, чтобы всплеск не был загадкой.
# There is none.
admin-annotations-none = Пока нет ни одной.
# Heading of the form.
admin-annotation-new = Новая пометка
# Field.
admin-annotation-title = Что это
# Field.
admin-annotation-kind = Вид
# Field: a moment.
admin-annotation-from = С
# Field: a moment, may be empty.
admin-annotation-to = До
# Field.
admin-annotation-channel = Канал (пусто: все)
# Field.
admin-annotation-queue = Очередь (пусто: все)
# It is changed there.
admin-annotation-in-file = в файле
# Kind.
admin-kind-campaign = кампания
# Kind.
admin-kind-release = выпуск
# Kind.
admin-kind-outage = сбой
# Kind.
admin-kind-other = другое
# Heading.
admin-people = Люди и токены
# Below people.
admin-people-what = Кто может войти и в какой роли. Программы, которые читают показатели, получают токен вместо пароля.
# Heading of the form.
admin-person-new = Новый человек
# Field.
admin-role = Роль
# Heading.
admin-tokens = Токены для программ
# The header follows.
admin-tokens-what = Программа посылает токен в заголовке, никогда в адресе:
# Heading of the form.
admin-token-add = Новый токен
# A name follows.
admin-token-new = Токен для
# Below the token.
admin-token-once = Скопируйте его сейчас: здесь он не хранится и больше не будет показан.
# Heading.
admin-audit = Журнал действий
# Below the audit log.
admin-audit-what = Кто, что и откуда сделал и что из этого вышло. Новые сначала.
# There is nothing.
admin-audit-none = Пока ничего не сделано.
# Heading.
admin-account = Ваша учётная запись
# Head of a column.
admin-when = Когда
# Head of a column.
admin-who = Кто
# Head of a column.
admin-from-where = Откуда
# Head of a column.
admin-what = Что
# Head of a column.
admin-target = Над чем
# Head of a column.
admin-result = Результат
# Result.
admin-done = сделано
# Head of a column of buttons.
admin-change = Изменить
# Button.
admin-add = Добавить
# Button.
admin-save = Сохранить
# Button.
admin-remove = Удалить
# Head of a column.
admin-head-channel = Канал
# Head of a column.
admin-head-queue = Очередь
# Heading.
admin-reports = Отчёты
# Below reports.
admin-reports-what = Что уходит по почте, а также каждый полный день и неделя: страницей, для таблиц и для программ.
# Heading.
admin-reports-mailed = По почте
# There is none.
admin-reports-no-mail = Ни один отчёт не уходит по почте. Это задают разделы mail и report настроек.
# Heading.
admin-reports-pages = Дни и недели
# Heading.
admin-reports-days = Дни
# Heading.
admin-reports-weeks = Недели с понедельника
# There is none.
admin-reports-none = Ещё не насчитан ни один полный день.
# Column.
admin-report-name = Отчёт
# Column.
admin-report-when = Когда
# Column: addresses.
admin-report-to = Кому
# Column: a moment.
admin-report-next = Следующий
# Column: a moment.
admin-report-sent = Отправлен
# It was not sent.
admin-report-never = ещё нет
# A time follows.
admin-report-each-day = ежедневно
# A number of people.
admin-report-undelivered = не доставлен, получателей: { $count }
# A moment follows.
admin-report-retry = следующая попытка { $time }
# Button.
admin-report-send = Отправить сейчас
# Button.
admin-report-test = Отправить пробный мне
# Field.
admin-report-address = Ваш адрес почты
# It is done.
admin-report-said-sent = Почтовый сервер его принял.
# Before codes of languages.
admin-report-language = Язык страниц
# Heading.
admin-messages = Сообщения
# Below messages.
admin-messages-what = Строка для людей в зале. Табло с плиткой message или ticker показывают её сразу, пока она сама не закончится.
# Heading of the form.
admin-message-new = Новое сообщение
# Field and column.
admin-message-text = Текст
# Field.
admin-message-level = Важность
# Choice.
admin-level-normal = обычное
# Choice.
admin-level-important = важное
# Field: a length.
admin-message-for = На
# Field and column: a moment.
admin-message-until = До какого времени
# Column: a moment.
admin-message-from = С какого времени
# Above boxes to tick.
admin-message-boards = На этих табло (ничего не отмечено: на всех)
# Column.
admin-message-boards-column = Табло
# Instead of names.
admin-message-all-boards = все
# Button.
admin-message-show = Показать
# Button.
admin-message-end = Закончить сейчас
# Heading.
admin-messages-now = Сейчас на табло
# There is none.
admin-messages-none = Нет ни одного.
# Heading.
admin-messages-ended = Закончились
# No board shows messages.
admin-messages-no-place = Ни на одном табло ещё нет плитки message или ticker: ничего не будет видно.
# Names of boards follow.
admin-messages-without = Без плитки для сообщений:
# It is done.
admin-message-said-shown = Табло его показывают.
# It is done.
admin-message-said-ended = Оно закончилось.
# It is done.
admin-message-said-removed = Удалено из списка.
# Of a button: the login that people have at work anyway.
oidc-button = Войти с учётной записью организации
# A link below it.
oidc-another = с другой учётной записью
# Heading of the form with name and password.
oidc-or = Или по имени и паролю
# Why nobody comes in by it.
oidc-down = Вход организации сейчас не отвечает. Попробуйте позже или войдите по имени и паролю, если они у вас здесь есть.
# Why nobody comes in by it.
oidc-odd = Вход организации и этот сервер не настроены друг под друга. В журнале сервера сказано, что не так: сообщите администратору.
# Why nobody comes in by it.
oidc-stale = Этот вход начат в другом окне, слишком давно или уже завершён. Начните его заново.
# Why nobody comes in by it.
oidc-denied = Вход организации вас не впустил, или вы его там прервали.
# Why nobody comes in by it.
oidc-token = Сведения о вас от входа организации не удалось проверить, поэтому никто не впущен. Начните заново; если повторится, сообщите администратору.
# Why nobody comes in by it.
oidc-no-role = Организация вас знает, но ни у одной из ваших групп нет доступа к этому серверу. Попросите администратора или войдите с другой учётной записью.
oidc-no-groups = Организация вас знает, но ваша учётная запись состоит в стольких группах, что не сообщает, в каких. Обратитесь к администратору.
# Why nobody comes in by it.
oidc-no-name = Организация не сообщает имени, которое подходит здесь. Сообщите администратору: это ключ name_claim в настройках.
# Why nobody comes in by it.
oidc-taken = Ваше имя здесь уже занято другим человеком. Попросите администратора удалить или переименовать его.
# Why nobody comes in by it.
oidc-full = На этом сервере уже столько людей, сколько может быть. Сообщите администратору.
# Why nobody comes in by it.
oidc-too-many = Слишком много попыток. Попробуйте снова через четверть часа.
# Why nobody comes in by it.
oidc-disk = Сервер сейчас не может записывать входы. Попробуйте скоро снова.
# Why nobody comes in by it.
oidc-off = Здесь нельзя войти с учётной записью организации.
# Somebody has logged out. A link may follow.
oidc-left = Здесь вы вышли. В этом браузере организация может вас ещё помнить.
# The link.
oidc-leave = Выйти и там
# Of somebody without a password here.
access-vouched = Роль и пароль – от учётной записи организации: их меняют там, а не здесь.
# In the place of a password.
admin-person-vouched = входит с учётной записью организации
# Heading of a page that somebody may not see.
refused-role = Это не для вашей роли
# A role, as above.
refused-role-what = Нужна роль «{ $role }» или выше. Её может дать администратор: «Управление», «Люди».
# Heading.
refused-login = Вы больше не вошли
# What to do.
refused-login-what = Срок входа истёк, поэтому ничего не изменено. Войдите и сделайте это ещё раз.
# Heading.
refused-form = Эта страница устарела
# What to do.
refused-form-what = Она сделана для другого входа, или cookie запрещены; ничего не изменено. Откройте её снова и повторите.
# Heading.
refused-origin = Это пришло не со страницы этого сервера
# What to do; names of settings stay.
refused-origin-what = Ничего не изменено. Если вас привела ссылка, вернитесь. Если это случается на страницах этого сервера, сообщите администратору: прокси должен оставлять заголовок Host как есть или быть среди server.trusted_proxies.
# Heading.
refused-closed = Это закрыто
# Why.
refused-closed-what = Открыть это не может никто.
# A name and a role.
refused-as = Вы вошли как { $name } ({ $role }).
# Button.
refused-log-out = Войти как другой
# Of a channel.
admin-channel-refused = запросы отклоняются
# Of a channel.
admin-channel-silent = молчит
# Of a channel.
admin-channel-late = запаздывает
# Of a channel.
admin-channel-never = ничего ещё не приходило
# Before what has come to a webhook.
admin-webhook = Запросы сети
# What has come to a webhook.
admin-webhook-never = Ни одного с запуска сервера. Зарегистрирован ли адрес в сети, передаёт ли прокси /in/ на этот сервер?
# What has come to a webhook; a number and a moment.
admin-webhook-refused = Отклонено { $count } с { $time }: подпись или секрет неверны. Сравните секрет канала с тем, что есть у сети.
# What has come to a webhook; a moment.
admin-webhook-taken = Последний: { $time }.
# After that; a number and a moment.
admin-webhook-strangers = Отклонено чужих: { $count } с { $time }.
