# The words of pages for people: the list of boards, and how a number is made.
# Heading of the list.
page-boards = Табло
# What to do with the list.
page-how-to = Кожне табло зроблено для екрана в залі. Відкрийте його в браузері екрана й залиште відкритим: воно оновлюється саме.
# There is none.
page-no-boards = Їх немає. Покладіть файл табло в теку boards.dir.
# A board's file is good.
page-file-ok = файл у порядку
# A board's file is bad, and what was good before is shown.
page-file-bad-shown = у файлі помилки: показано останню справну версію
# A board's file is bad.
page-file-bad = у файлі помилки: показати його не можна
# Before a number.
page-screens = екранів зараз:
# How this number is made.
page-receipt = Звідки це число
# Of the figure's course.
page-last-hour = Остання година
# The last hour cannot be drawn.
page-no-course = Перебігу за останню годину для нього немає.
# Heading of the definition.
page-meaning = Що воно означає
# The formula in words.
page-formula = Формула
# Counts in the formula.
page-counts = Пораховано
# Thresholds in the formula.
page-thresholds = Пороги
# The span of time.
page-window = Час
# A state has no span.
page-at-this-moment = у цю мить
# Channels and how fresh they are.
page-channels = Канали в ньому
# No channel feeds it.
page-no-channels = поки жодного
# The last event of a channel.
page-last-event = остання подія
# No event of a channel.
page-never = подій ще не було
# Feeds.
page-live = на зв’язку
# Feeds.
page-late = запізнюється
# Feeds.
page-silent = мовчить
# Other formulas on the same counts.
page-variants = За іншими формулами
# Rows of a table.
page-rows = За рядками
# All rows of a table together.
page-all-rows = усі разом
# Beside the code.
page-take-it = Візьміть із собою: наведіть камеру телефона.
# The code leads to this machine only.
page-only-here = Ця адреса працює лише на цій машині: адресу для телефонів задає server.public_url.
# No figure.
page-no-data = даних поки немає
# No figure.
page-not-applicable = тут не застосовно
# No figure.
page-concealed = приховано
# Before a clock time.
page-as-of = станом на
# In a list, in place of the queue that whoever opens the board chooses.
any-queue = будь-яка
# In a list, in place of the channel that whoever opens the board chooses.
any-channel = будь-який
# In a list, in place of the policy that whoever opens the board chooses.
any-policy = будь-яка
# In a list, in place of the topic that whoever opens the board chooses.
any-topic = будь-яка
# Above what can be chosen.
page-which-queue = Яка черга? У кожної своє табло; залиште його відкритим на екрані.
# Above what can be chosen.
page-which-channel = Який канал? У кожного своє табло; залиште його відкритим на екрані.
# Above what can be chosen.
page-which-policy = Яка політика SLA? У кожної своє табло; залиште його відкритим на екрані.
# Above what can be chosen.
page-which-topic = Яка тема? У кожної своє табло; залиште його відкритим на екрані.
# Below a board's title in the list: how many there are.
page-each-queue = по одному на кожну чергу
# Below a board's title in the list: how many there are.
page-each-channel = по одному на кожен канал
# Below a board's title in the list: how many there are.
page-each-policy = по одному на кожну політику SLA
# Below a board's title in the list: how many there are.
page-each-topic = по одному на кожну тему
# A board was asked for by a name that nothing has.
page-no-queue = Черги «{ $name }» немає
# A board was asked for by a name that nothing has.
page-no-channel = Каналу «{ $name }» немає
# A board was asked for by a name that nothing has.
page-no-policy = Політики SLA «{ $name }» немає
# A board was asked for by a name that nothing has.
page-no-topic = Теми «{ $name }» немає
# No queue is known yet.
page-nothing-to-choose = Вибирати поки немає з чого: зайдіть після першого звернення.
# On a screen.
page-boards-full = Відкрито стільки таких табло, скільки можна (boards.instances_max). Цей екран чекає, доки одне звільниться.
# After a name that nothing has.
page-did-you-mean = Можливо, «{ $name }»?
