# The words of the editor of boards.
# Heading of the list of boards, and its tab.
editor-title = Табло
# Below boards, on the first page.
editor-what = Создавайте и меняйте то, что висит на стене, видя настоящие цифры.
# What the list is for.
editor-lead = Выберите табло, чтобы изменить его. Табло из поставки копируется в вашу папку при первом сохранении; если удалить его оттуда, снова показывается исходное.
# Heading of a form.
editor-new = Новое табло
# Field.
editor-new-name = Имя, последняя часть адреса
# Field: a template.
editor-new-from = Начать с
# Button.
editor-new-make = Создать и открыть
# Of a board: whose file it is.
editor-own = в вашей папке
# Of a board: it has no file of its own.
editor-shipped = из поставки Tablica
# Link to the editor.
editor-edit = Изменить
# Link.
editor-versions = Версии
# A part that opens.
editor-remove = Удалить
# Before the button.
editor-remove-what = Экраны, на которых оно висит, покажут табло из поставки с тем же именем или сообщат, что его нет. Текст останется среди версий.
# Button that does it.
editor-remove-sure = Да, удалить { $board }
# Nothing can be saved.
editor-no-folder = Сохранить табло здесь нельзя: в настройках нет boards.dir. Укажите там папку и перезапустите сервер.
# What is wrong.
editor-bad-name = Имя табло входит в адрес: до 64 латинских букв, цифр, - и _
# What is wrong.
editor-taken = Табло с таким именем уже есть: выберите другое имя или измените то.
# Heading, and what is wrong.
editor-changed = Кто-то другой тем временем изменил это табло.
# What is wrong; the reader's sentences follow.
editor-invalid = В этом тексте ошибки:
# What is wrong.
editor-broken = Не получилось; причина в журнале сервера.
# While the editor is loaded.
editor-wait = Редактор загружается …
# To a browser without script.
editor-no-script = Редактору нужен браузер с JavaScript. Файлы табло можно менять и в любом текстовом редакторе.
# What the page is for.
editor-versions-what = Все тексты, которые были у этого табло. Откройте любой, чтобы увидеть, что изменится, если его вернуть.
# There is none.
editor-versions-none = Здесь его ещё не сохраняли.
# Head of a column.
editor-when = Когда
# Head of a column.
editor-who = Кто
# Head of a column.
editor-version = Текст
# Of a version.
editor-now = сейчас такой
# Link: the difference.
editor-look = Чем отличается
# Who: nobody knows.
editor-by-hand = изменено в папке
# Heading.
editor-difference = От нынешнего табло к этому тексту
# There is no difference.
editor-same = Отличий нет.
# Button.
editor-restore = Вернуть этот текст
# Tab, and before a tile's name.
editor-tile = Плитка
# Tab and button.
editor-add = Добавить
# Tab.
editor-board = Табло
# Tab.
editor-text = Текст
# Name of the tabs.
editor-keys = Что редактируется
# Above the gallery.
editor-add-what = Каждый вид с примером ключей. Новая плитка встаёт на первое свободное место.
# Instead of a form.
editor-nothing-chosen = Щёлкните плитку на стене, чтобы изменить её содержимое, или добавьте новую.
# Name of the wall's tiles.
editor-grid = Плитки на стене
# Below the wall.
editor-grid-how = Перетащите плитку или её правый нижний угол. Клавишами: стрелки двигают, Shift со стрелками меняет размер, Delete убирает; Ctrl+Z, Ctrl+Y, Ctrl+S.
# Name of the wall in the page.
editor-wall = Как будет выглядеть стена
# Before a choice.
editor-preview = Показать с
# Choice: real numbers.
editor-live = вашими цифрами сейчас
# Choice; a state follows.
editor-made-up = вымышленными цифрами:
# State.
editor-state-quiet = тихая ночь
# State.
editor-state-busy = напряжённый день
# State.
editor-state-red = всё горит
# State.
editor-state-stale = источники молчат
# Choice: no preview.
editor-off = без цифр, только сетка
# Below the wall; tiles follow.
editor-uncounted = По тому, что выбирают эти плитки, ещё никто не считал; цифры появятся после сохранения табло:
# Button.
editor-undo = Отменить
# Button.
editor-redo = Повторить
# Button.
editor-save = Сохранить
# It was done.
editor-saved = Сохранено. Экраны с этим табло изменятся в течение двух секунд.
# State.
editor-is-saved = сохранено
# State.
editor-unsaved = ещё не сохранено
# Above the wall.
editor-shipped-note = Это табло из поставки. При сохранении его копия попадёт в вашу папку и будет показываться вместо него.
# Why a tile stays.
editor-outside = В эту сторону нет места.
# Why a tile stays; a tile's name follows.
editor-overlap = Не сюда: перекроется
# Heading of the reader's sentences.
editor-problems = Это надо исправить до сохранения
# Heading of warnings.
editor-doubts = Похоже на опечатку
# The text cannot be shown on the grid.
editor-not-whole = В таком виде текст не читается как плитки в своих разделах. Исправьте его в тексте или отмените действие.
# Button.
editor-copy = Копировать плитку
# Button.
editor-remove-tile = Убрать плитку
# A number follows.
editor-count = Плиток на этом табло:
# Choice: no such key.
editor-none = – (не задано)
# Choice.
editor-no-queue = (обращения без очереди)
# Choice.
editor-yes = да
# Choice.
editor-no = нет
# Button: a text for each language.
editor-words = На каждом языке
# Button of a list.
editor-item-add = Добавить элемент
# Button of a list.
editor-item-up = Выше
# Button of a list.
editor-item-remove = Убрать
# Button: an element gets keys of its own.
editor-all = Больше ключей
# Above the text.
editor-text-how = Сам файл вместе с комментариями. Введённое здесь принимается как одно действие, которое можно отменить.
# Button.
editor-apply = Принять этот текст
# Button.
editor-discard = Оставить как было
# Above a difference.
editor-theirs = Строки с − ваши, с + чужие. Пока ничего не сохранено.
# Button.
editor-other = Продолжить с чужого текста (свой вернёт «Отменить»)
# Button.
editor-overwrite = Оставить свой; следующее сохранение заменит чужой
# The server gives no answer.
editor-busy = Сервер не отвечает. Ваши изменения ещё здесь: попробуйте ещё раз.
# Why an act is not done.
editor-not-kept = Этот текст нельзя изменить здесь, не изменив и другое, например концы строк. Измените его в самом тексте.
# Why a tile is not added.
editor-no-place = На стене нет свободного места: сначала уменьшите или уберите какую-нибудь плитку.
# Why a tile is not added.
editor-too-many = На табло не больше плиток, чем { $count }.
# Why an act is not done.
editor-gone = Этого уже нет: если повторится, загрузите страницу заново.
