### The page of a screen that waits to be paired, and the page on which screens are managed.

pair-title = Підключіть цей екран

pair-ends = Код діє ще

pair-by-page = На телефоні чи комп’ютері відскануйте квадрат або відкрийте

pair-by-command = Або введіть на сервері

pair-lost = Сервер не відповідає. Екран продовжує питати.

pair-limited = Забагато екранів чекають на підключення. Цей запитає знову сам.

pair-nothing = На цей час нічого не заплановано.

screens-title = Екрани

screens-lead = Кожен телевізор має власну сторінку. Відкрийте на ньому цю адресу й введіть тут код, який він покаже:

screens-pair = Підключити екран

screens-code = Код на екрані

screens-name = Назва

screens-place = Місце

screens-shows = Показує

screens-playlist = Плейлист

screens-approve = Підключити

screens-paired = Підключені екрани

screens-none = Поки жодного.

screens-others = Табло, відкриті без підключення

screens-here = увімкнений

screens-away = вимкнений або недоступний

screens-never = не від запуску сервера

screens-in-front = Табло на екрані

screens-picture = Картинка

screens-picture-new = свіжа

screens-acknowledged = останній стан, показ якого екран підтвердив

screens-last-seen = Був на зв’язку

screens-address = Адреса

screens-browser = Браузер

screens-version = Сторінка

screens-version-current = поточна

screens-version-older = старіша

screens-since = Підключено

screens-identify = Показати назву

screens-reload = Перезавантажити

screens-change = Змінити табло, назву, відключити

screens-move = Змінити табло

screens-rename = Перейменувати

screens-revoke = Відключити

screens-revoke-means = Екран більше нічого не показує й просить підключити його знову.

screens-said-approved = Екран підключено, зараз він покаже своє табло:

screens-said-identified = Екран показує свою назву десять секунд:

screens-said-reloaded = Екран завантажує сторінку знову:

screens-said-moved = Екран зараз покаже інше:

screens-said-renamed = Екран тепер називається:

screens-said-revoked = Екран відключено:

screens-failed-code = Жоден екран зараз не показує цей код. Код діє лише кілька хвилин і для одного екрана: подивіться на екран ще раз.

screens-failed-limit = Забагато хибних кодів. Спробуйте за кілька хвилин.

screens-failed-full = Підключено стільки екранів, скільки дозволено (pairing.screens_max). Спершу відключіть один.

screens-failed-name = У назві до 40 латинських літер, цифр, крапок, дефісів і підкреслень.

screens-failed-taken = Так уже називається інший екран.

screens-failed-place = Назва місця задовга.

screens-failed-unknown = Такого екрана більше немає.

screens-failed-board = Такого табло чи плейлиста більше немає.

screens-failed-disk = Зміну не вдалося записати на диск. Причина в журналі сервера.
# State of a screen that is off outside its hours.
screens-not-expected = вимкнено, зараз не очікується
# Field, and before the name of a calendar.
screens-hours = Має бути ввімкнено
# Choice.
screens-hours-always = завжди
# Button.
screens-hours-set = Задати години
# It is done.
screens-said-hours = Години змінено:
# It is not done.
screens-failed-calendar = Такого календаря немає.
# Button.
screens-picture-ask = Зробити знімок екрана
# State.
screens-picture-asked = Екран малює свій знімок …
# State.
screens-picture-silent = Екран не відповів: він увімкнений?
# State.
screens-picture-browser = Браузер цього екрана не дозволяє сторінкам малювати себе, як у старих телевізорах.
# State.
screens-picture-no-board = Зараз на ньому немає табло.
# State.
screens-picture-large = Знімок завеликий.
# A name follows.
screens-picture-of = Що на екрані
# Below a picture.
screens-picture-once = Ніде не зберігається: зникне, коли сторінку відкриють знову. Шрифти можуть відрізнятися.
