# The words of pages for people: the list of boards, and how a number is made.
# Heading of the list.
page-boards = Табло
# What to do with the list.
page-how-to = Каждое табло сделано для экрана в зале. Откройте его в браузере экрана и оставьте открытым: оно обновляется само.
# There is none.
page-no-boards = Их нет. Положите файл табло в папку boards.dir.
# A board's file is good.
page-file-ok = файл в порядке
# A board's file is bad, and what was good before is shown.
page-file-bad-shown = в файле ошибки: показана последняя исправная версия
# A board's file is bad.
page-file-bad = в файле ошибки: показать его нельзя
# Before a number.
page-screens = экранов сейчас:
# How this number is made.
page-receipt = Откуда это число
# Of the figure's course.
page-last-hour = Последний час
# The last hour cannot be drawn.
page-no-course = Хода за последний час для него нет.
# Heading of the definition.
page-meaning = Что оно значит
# The formula in words.
page-formula = Формула
# Counts in the formula.
page-counts = Посчитано
# Thresholds in the formula.
page-thresholds = Пороги
# The span of time.
page-window = Время
# A state has no span.
page-at-this-moment = в этот момент
# Channels and how fresh they are.
page-channels = Каналы в нём
# No channel feeds it.
page-no-channels = пока ни одного
# The last event of a channel.
page-last-event = последнее событие
# No event of a channel.
page-never = событий ещё не было
# Feeds.
page-live = на связи
# Feeds.
page-late = опаздывает
# Feeds.
page-silent = молчит
# Other formulas on the same counts.
page-variants = По другим формулам
# Rows of a table.
page-rows = По строкам
# All rows of a table together.
page-all-rows = все вместе
# Beside the code.
page-take-it = Возьмите с собой: наведите камеру телефона.
# The code leads to this machine only.
page-only-here = Этот адрес работает только на этой машине: адрес для телефонов задаёт server.public_url.
# No figure.
page-no-data = данных пока нет
# No figure.
page-not-applicable = здесь неприменимо
# No figure.
page-concealed = скрыто
# Before a clock time.
page-as-of = на
# In a list, in place of the queue that whoever opens the board chooses.
any-queue = любая
# In a list, in place of the channel that whoever opens the board chooses.
any-channel = любой
# In a list, in place of the policy that whoever opens the board chooses.
any-policy = любая
# In a list, in place of the topic that whoever opens the board chooses.
any-topic = любая
# Above what can be chosen.
page-which-queue = Какая очередь? У каждой своё табло; оставьте его открытым на экране.
# Above what can be chosen.
page-which-channel = Какой канал? У каждого своё табло; оставьте его открытым на экране.
# Above what can be chosen.
page-which-policy = Какая политика SLA? У каждой своё табло; оставьте его открытым на экране.
# Above what can be chosen.
page-which-topic = Какая тема? У каждой своё табло; оставьте его открытым на экране.
# Below a board's title in the list: how many there are.
page-each-queue = по одному на каждую очередь
# Below a board's title in the list: how many there are.
page-each-channel = по одному на каждый канал
# Below a board's title in the list: how many there are.
page-each-policy = по одному на каждую политику SLA
# Below a board's title in the list: how many there are.
page-each-topic = по одному на каждую тему
# A board was asked for by a name that nothing has.
page-no-queue = Очереди «{ $name }» нет
# A board was asked for by a name that nothing has.
page-no-channel = Канала «{ $name }» нет
# A board was asked for by a name that nothing has.
page-no-policy = Политики SLA «{ $name }» нет
# A board was asked for by a name that nothing has.
page-no-topic = Темы «{ $name }» нет
# No queue is known yet.
page-nothing-to-choose = Выбирать пока не из чего: зайдите после первого обращения.
# On a screen.
page-boards-full = Открыто столько таких табло, сколько можно (boards.instances_max). Этот экран ждёт, пока одно освободится.
# After a name that nothing has.
page-did-you-mean = Может быть, «{ $name }»?
