# The words of reports as letters and pages.
# Heading and subject.
report-daily = Отчёт за день
# Heading and subject.
report-weekly = Отчёт за неделю
# A moment follows.
report-provisional = Предварительно до { $time }: ещё открытые обращения могут изменить эти числа.
# A figure follows.
report-day-before = днём раньше: { $figure }
# A figure follows.
report-week-before = неделей раньше: { $figure }
# Heading above promises.
report-promised = Что было обещано
# Column.
report-policy = Обещание
# Column, and before a share.
report-goal = Цель
# Column.
report-met = Выполнено
# A promise was.
report-kept = сдержано
# A promise was.
report-broken = не сдержано
# Heading above bars.
report-by-hour = Обращения по часам
# Heading above bars.
report-by-day = Обращения по дням
# Heading.
report-busiest = Самые загруженные четверти часа
# Heading.
report-worst = Четверти часа с самым низким уровнем сервиса
# Heading above annotations.
report-happened = Что происходило
# Above three columns.
report-per-hour = Обращений в час до, во время и после
# Column.
report-topic = Тема
# Below a list that is cut.
report-more = и ещё { $number } на странице отчёта
# How many ratings a figure is of.
report-of-ratings =
    { $number ->
        [one] из { $number } оценки
       *[other] из { $number } оценок
    }
# Instead of a figure.
report-no-data = нет данных
# Instead of a figure of very few contacts of one agent.
report-concealed = скрыто
# Instead of figures.
report-nothing = Ничего не насчитано.
# Below it all.
report-legend = Числа те же, что на табло. Прочерк: там это не имеет смысла. «Скрыто»: меньше пяти обращений одного оператора.
# A link.
report-link = Открыть этот отчёт как страницу
# Below it all; a name of the config.
report-sent-by = Отправлено Tablica автоматически. Кто его получает, сказано в настройках сервера, раздел report.{ $name }.
# A queue follows.
report-only-queue = Очередь: { $name }
# A channel follows.
report-only-channel = Канал: { $name }
