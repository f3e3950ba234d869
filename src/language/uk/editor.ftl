# The words of the editor of boards.
# Heading of the list of boards, and its tab.
editor-title = Табло
# Below boards, on the first page.
editor-what = Створюйте й змінюйте те, що висить на стіні, бачачи справжні цифри.
# What the list is for.
editor-lead = Виберіть табло, щоб змінити його. Табло з постачання копіюється у вашу теку під час першого збереження; якщо видалити його звідти, знову показується початкове.
# Heading of a form.
editor-new = Нове табло
# Field.
editor-new-name = Ім'я, остання частина адреси
# Field: a template.
editor-new-from = Почати з
# Button.
editor-new-make = Створити й відкрити
# Of a board: whose file it is.
editor-own = у вашій теці
# Of a board: it has no file of its own.
editor-shipped = з постачання Tablica
# Link to the editor.
editor-edit = Змінити
# Link.
editor-versions = Версії
# A part that opens.
editor-remove = Видалити
# Before the button.
editor-remove-what = Екрани, на яких воно висить, покажуть табло з постачання з тим самим ім'ям або повідомлять, що його немає. Текст залишиться серед версій.
# Button that does it.
editor-remove-sure = Так, видалити { $board }
# Nothing can be saved.
editor-no-folder = Зберегти табло тут не можна: у налаштуваннях немає boards.dir. Вкажіть там теку й перезапустіть сервер.
# What is wrong.
editor-bad-name = Ім'я табло входить до адреси: до 64 латинських літер, цифр, - і _
# What is wrong.
editor-taken = Табло з таким ім'ям уже є: виберіть інше ім'я або змініть те.
# Heading, and what is wrong.
editor-changed = Хтось інший тим часом змінив це табло.
# What is wrong; the reader's sentences follow.
editor-invalid = У цьому тексті помилки:
# What is wrong.
editor-broken = Не вдалося; причина в журналі сервера.
# While the editor is loaded.
editor-wait = Редактор завантажується …
# To a browser without script.
editor-no-script = Редактору потрібен браузер із JavaScript. Файли табло можна змінювати й у будь-якому текстовому редакторі.
# What the page is for.
editor-versions-what = Усі тексти, які були в цього табло. Відкрийте будь-який, щоб побачити, що зміниться, якщо його повернути.
# There is none.
editor-versions-none = Тут його ще не зберігали.
# Head of a column.
editor-when = Коли
# Head of a column.
editor-who = Хто
# Head of a column.
editor-version = Текст
# Of a version.
editor-now = зараз такий
# Link: the difference.
editor-look = Чим відрізняється
# Who: nobody knows.
editor-by-hand = змінено в теці
# Heading.
editor-difference = Від теперішнього табло до цього тексту
# There is no difference.
editor-same = Відмінностей немає.
# Button.
editor-restore = Повернути цей текст
# Tab, and before a tile's name.
editor-tile = Плитка
# Tab and button.
editor-add = Додати
# Tab.
editor-board = Табло
# Tab.
editor-text = Текст
# Name of the tabs.
editor-keys = Що редагується
# Above the gallery.
editor-add-what = Кожен вид із прикладом ключів. Нова плитка стає на перше вільне місце.
# Instead of a form.
editor-nothing-chosen = Клацніть плитку на стіні, щоб змінити її вміст, або додайте нову.
# Name of the wall's tiles.
editor-grid = Плитки на стіні
# Below the wall.
editor-grid-how = Перетягніть плитку або її правий нижній кут. Клавішами: стрілки рухають, Shift зі стрілками змінює розмір, Delete прибирає; Ctrl+Z, Ctrl+Y, Ctrl+S.
# Name of the wall in the page.
editor-wall = Як виглядатиме стіна
# Before a choice.
editor-preview = Показати з
# Choice: real numbers.
editor-live = вашими цифрами зараз
# Choice; a state follows.
editor-made-up = вигаданими цифрами:
# State.
editor-state-quiet = тиха ніч
# State.
editor-state-busy = напружений день
# State.
editor-state-red = усе палає
# State.
editor-state-stale = джерела мовчать
# Choice: no preview.
editor-off = без цифр, лише сітка
# Below the wall; tiles follow.
editor-uncounted = За тим, що вибирають ці плитки, ще ніхто не рахував; цифри з'являться після збереження табло:
# Button.
editor-undo = Скасувати
# Button.
editor-redo = Повторити
# Button.
editor-save = Зберегти
# It was done.
editor-saved = Збережено. Екрани з цим табло зміняться протягом двох секунд.
# State.
editor-is-saved = збережено
# State.
editor-unsaved = ще не збережено
# Above the wall.
editor-shipped-note = Це табло з постачання. Під час збереження його копія потрапить у вашу теку й показуватиметься замість нього.
# Why a tile stays.
editor-outside = У цей бік немає місця.
# Why a tile stays; a tile's name follows.
editor-overlap = Не сюди: перекриється
# Heading of the reader's sentences.
editor-problems = Це треба виправити до збереження
# Heading of warnings.
editor-doubts = Схоже на одруківку
# The text cannot be shown on the grid.
editor-not-whole = У такому вигляді текст не читається як плитки у своїх розділах. Виправте його в тексті або скасуйте дію.
# Button.
editor-copy = Копіювати плитку
# Button.
editor-remove-tile = Прибрати плитку
# A number follows.
editor-count = Плиток на цьому табло:
# Choice: no such key.
editor-none = – (не задано)
# Choice.
editor-no-queue = (звернення без черги)
# Choice.
editor-yes = так
# Choice.
editor-no = ні
# Button: a text for each language.
editor-words = Кожною мовою
# Button of a list.
editor-item-add = Додати елемент
# Button of a list.
editor-item-up = Вище
# Button of a list.
editor-item-remove = Прибрати
# Button: an element gets keys of its own.
editor-all = Більше ключів
# Above the text.
editor-text-how = Сам файл разом із коментарями. Введене тут приймається як одна дія, яку можна скасувати.
# Button.
editor-apply = Прийняти цей текст
# Button.
editor-discard = Залишити як було
# Above a difference.
editor-theirs = Рядки з − ваші, з + чужі. Поки нічого не збережено.
# Button.
editor-other = Продовжити з чужого тексту (свій поверне «Скасувати»)
# Button.
editor-overwrite = Залишити свій; наступне збереження замінить чужий
# The server gives no answer.
editor-busy = Сервер не відповідає. Ваші зміни ще тут: спробуйте ще раз.
# Why an act is not done.
editor-not-kept = Цей текст не можна змінити тут, не змінивши й іншого, наприклад кінців рядків. Змініть його в самому тексті.
# Why a tile is not added.
editor-no-place = На стіні немає вільного місця: спочатку зменште або приберіть якусь плитку.
# Why a tile is not added.
editor-too-many = На табло не більше плиток, ніж { $count }.
# Why an act is not done.
editor-gone = Цього вже немає: якщо повториться, завантажте сторінку знову.
