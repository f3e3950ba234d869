### The page of a screen that waits to be paired, and the page on which screens are managed.

pair-title = Подключите этот экран

pair-ends = Код действует ещё

pair-by-page = На телефоне или компьютере отсканируйте квадрат или откройте

pair-by-command = Или введите на сервере

pair-lost = Сервер не отвечает. Экран продолжает спрашивать.

pair-limited = Слишком много экранов ждут подключения. Этот спросит снова сам.

pair-nothing = На это время ничего не запланировано.

screens-title = Экраны

screens-lead = У каждого телевизора своя страница. Откройте на нём этот адрес и введите здесь код, который он покажет:

screens-pair = Подключить экран

screens-code = Код на экране

screens-name = Имя

screens-place = Место

screens-shows = Показывает

screens-playlist = Плейлист

screens-approve = Подключить

screens-paired = Подключённые экраны

screens-none = Пока ни одного.

screens-others = Табло, открытые без подключения

screens-here = включён

screens-away = выключен или недоступен

screens-never = не с начала работы сервера

screens-in-front = Табло на экране

screens-picture = Картинка

screens-picture-new = свежая

screens-acknowledged = последнее состояние, показ которого экран подтвердил

screens-last-seen = Был на связи

screens-address = Адрес

screens-browser = Браузер

screens-version = Страница

screens-version-current = текущая

screens-version-older = старая

screens-since = Подключён

screens-identify = Показать имя

screens-reload = Перезагрузить

screens-change = Сменить табло, имя, отключить

screens-move = Сменить табло

screens-rename = Переименовать

screens-revoke = Отключить

screens-revoke-means = Экран больше ничего не показывает и просит подключить его снова.

screens-said-approved = Экран подключён и сейчас покажет своё табло:

screens-said-identified = Экран показывает своё имя десять секунд:

screens-said-reloaded = Экран загружает страницу заново:

screens-said-moved = Экран сейчас покажет другое:

screens-said-renamed = Экран теперь называется:

screens-said-revoked = Экран отключён:

screens-failed-code = Ни один экран сейчас не показывает этот код. Код действует лишь несколько минут и для одного экрана: посмотрите на экран ещё раз.

screens-failed-limit = Слишком много неверных кодов. Попробуйте через несколько минут.

screens-failed-full = Подключено столько экранов, сколько разрешено (pairing.screens_max). Сначала отключите один.

screens-failed-name = В имени до 40 латинских букв, цифр, точек, дефисов и подчёркиваний.

screens-failed-taken = Так уже называется другой экран.

screens-failed-place = Название места слишком длинное.

screens-failed-unknown = Такого экрана больше нет.

screens-failed-board = Такого табло или плейлиста больше нет.

screens-failed-disk = Изменение не удалось записать на диск. Причина в журнале сервера.
# State of a screen that is off outside its hours.
screens-not-expected = выключен, сейчас не ожидается
# Field, and before the name of a calendar.
screens-hours = Должен быть включён
# Choice.
screens-hours-always = всегда
# Button.
screens-hours-set = Задать часы
# It is done.
screens-said-hours = Часы изменены:
# It is not done.
screens-failed-calendar = Такого календаря нет.
# Button.
screens-picture-ask = Сделать снимок экрана
# State.
screens-picture-asked = Экран рисует свой снимок …
# State.
screens-picture-silent = Экран не ответил: он включён?
# State.
screens-picture-browser = Браузер этого экрана не даёт страницам рисовать себя, как в старых телевизорах.
# State.
screens-picture-no-board = Сейчас на нём нет табло.
# State.
screens-picture-large = Снимок слишком большой.
# A name follows.
screens-picture-of = Что на экране
# Below a picture.
screens-picture-once = Нигде не хранится: исчезнет, когда страница откроется снова. Шрифты могут отличаться.
