# The words of reports as letters and pages.
# Heading and subject.
report-daily = Звіт за день
# Heading and subject.
report-weekly = Звіт за тиждень
# A moment follows.
report-provisional = Попередньо до { $time }: ще відкриті звернення можуть змінити ці числа.
# A figure follows.
report-day-before = днем раніше: { $figure }
# A figure follows.
report-week-before = тижнем раніше: { $figure }
# Heading above promises.
report-promised = Що було обіцяно
# Column.
report-policy = Обіцянка
# Column, and before a share.
report-goal = Ціль
# Column.
report-met = Виконано
# A promise was.
report-kept = дотримано
# A promise was.
report-broken = не дотримано
# Heading above bars.
report-by-hour = Звернення за годинами
# Heading above bars.
report-by-day = Звернення за днями
# Heading.
report-busiest = Найнавантаженіші чверті години
# Heading.
report-worst = Чверті години з найнижчим рівнем сервісу
# Heading above annotations.
report-happened = Що відбувалося
# Above three columns.
report-per-hour = Звернень за годину до, під час і після
# Column.
report-topic = Тема
# Below a list that is cut.
report-more = і ще { $number } на сторінці звіту
# How many ratings a figure is of.
report-of-ratings =
    { $number ->
        [one] з { $number } оцінки
       *[other] з { $number } оцінок
    }
# Instead of a figure.
report-no-data = немає даних
# Instead of a figure of very few contacts of one agent.
report-concealed = приховано
# Instead of figures.
report-nothing = Нічого не нараховано.
# Below it all.
report-legend = Числа ті самі, що на табло. Риска: там це не має сенсу. «Приховано»: менше ніж п’ять звернень одного оператора.
# A link.
report-link = Відкрити цей звіт як сторінку
# Below it all; a name of the config.
report-sent-by = Надіслано Tablica автоматично. Хто його отримує, сказано в налаштуваннях сервера, розділ report.{ $name }.
# A queue follows.
report-only-queue = Черга: { $name }
# A channel follows.
report-only-channel = Канал: { $name }
