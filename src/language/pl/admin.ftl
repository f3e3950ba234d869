# The words of login and administration.
# Heading and button of the login.
access-log-in = Zaloguj się
access-screen = Telewizor nie musi się logować. Otwórz na nim:
# Button.
access-log-out = Wyloguj się
# Of a person or a token.
access-name = Nazwa
# Field.
access-password = Hasło
# Field.
access-new-password = Nowe hasło
# Heading and button.
access-change-password = Zmień swoje hasło
# Beside a new password.
access-password-rule = Co najmniej { $count } znaków. Najlepiej kilka słów, które tylko Ty tak zestawisz.
# The same for both.
access-wrong = Nazwa lub hasło jest nieprawidłowe.
# A length follows.
access-too-many = Zbyt wiele prób. Spróbuj ponownie za { $length }.
# The server has no time for it.
access-busy = Zbyt wiele osób loguje się w tej chwili. Spróbuj ponownie.
# Heading and button.
access-set-up = Utwórz pierwszego administratora
# What the page is for.
access-set-up-why = Kto ma ten link, zostaje administratorem tego serwera: wybierz nazwę i hasło. Link działa jeden raz.
# The link was used or is old.
access-link-gone = Ten link już nie działa. Uruchom serwer ponownie, aby dostać nowy, albo wykonaj: tablica access add NAME --role admin
# What is wrong.
access-bad-name = Nazwa ma do 64 liter, cyfr, spacji i znaków . _ @ -
# What is wrong.
access-taken = Ta nazwa jest zajęta.
# What is wrong.
access-unknown = Nie ma nikogo ani niczego o tej nazwie.
# What is wrong.
access-last-admin = To ostatni administrator: najpierw utwórz innego.
# A role.
access-role-viewer = Widz
# A role.
access-role-lead = Lider zmiany
# A role.
access-role-admin = Administrator
# What it may do.
access-means-viewer = widzi tablice, liczby i ich wyjaśnienia.
# What it may do.
access-means-lead = ponadto prowadzi tablice, adnotacje, ekrany i widzi stan kanałów.
# What it may do.
access-means-admin = może wszystko: osoby, tokeny, ponowne próby, przeładowanie.
# Heading of the first page.
admin-overview = Administracja
# For a newcomer.
admin-overview-what = Tablica zbiera to, co mówią Twoje sieci, liczy to i pokazuje na ekranach. Tu widać, czy działa, i tu zmienia się to, co wolno zmieniać.
# State.
admin-ready = Serwer przyjmuje zdarzenia.
# State; reasons follow.
admin-not-ready = Serwer nie może przyjmować zdarzeń:
# Without the section.
admin-no-access = Każdy, kto dociera do tego adresu, może tu zrobić wszystko. Sekcja access konfiguracji daje ludziom nazwy, role i hasła.
# Below boards.
admin-boards-what = To, co wisi na sali. Każda z obrazem i z tym, co nie tak z jej plikiem.
# A number follows.
admin-boards-bad = pliki z błędami: { $count }
# Heading.
admin-screens = Ekrany
# Below screens.
admin-screens-what = Telewizory i przeglądarki, które teraz pokazują tablicę.
# Screens with a name that are gone.
admin-screens-gone = brakuje: { $count }
# Heading.
admin-channels = Kanały
# Below channels.
admin-channels-what = Telefon, komunikatory, poczta i inne sieci: czy każda działa, co ostatnio poszło źle i czego nie udało się odczytać.
# There is none.
admin-channels-none = Nie skonfigurowano żadnego kanału.
# State of a channel.
admin-channel-works = działa
# State of a channel.
admin-channel-rests = wtyczka zbyt często zawodziła i odpoczywa
# State of a channel.
admin-channel-link = połączenie nie działa
# State of a channel.
admin-channel-lacks = brakuje mu uprawnienia
# Before names and a version.
admin-plugin = Sieć i wtyczka
# Before a sentence.
admin-last-error = Ostatni błąd
# Instead of the error.
admin-no-error = brak
# Before a number of inputs.
admin-quarantine = W kwarantannie
# Button.
admin-retry = Odczytaj ponownie
# Below the button.
admin-retry-what = Serwer odczyta ponownie to, co jest w kwarantannie, w ciągu sekundy lub dwóch. To, czego nadal nie da się odczytać, zostaje.
# Heading.
admin-annotations = Adnotacje
# Below annotations.
admin-annotations-what = Kampanie, wydania i awarie: widać je na wykresach i w raportach, więc szczyt nie jest zagadką.
# There is none.
admin-annotations-none = Jeszcze nie ma żadnej.
# Heading of the form.
admin-annotation-new = Nowa adnotacja
# Field.
admin-annotation-title = Co to jest
# Field.
admin-annotation-kind = Rodzaj
# Field: a moment.
admin-annotation-from = Od
# Field: a moment, may be empty.
admin-annotation-to = Do
# Field.
admin-annotation-channel = Kanał (puste: wszystkie)
# Field.
admin-annotation-queue = Kolejka (puste: wszystkie)
# It is changed there.
admin-annotation-in-file = w pliku
# Kind.
admin-kind-campaign = kampania
# Kind.
admin-kind-release = wydanie
# Kind.
admin-kind-outage = awaria
# Kind.
admin-kind-other = inne
# Heading.
admin-people = Osoby i tokeny
# Below people.
admin-people-what = Kto może się zalogować i w jakiej roli. Programy odczytujące liczby dostają token zamiast hasła.
# Heading of the form.
admin-person-new = Nowa osoba
# Field.
admin-role = Rola
# Heading.
admin-tokens = Tokeny dla programów
# The header follows.
admin-tokens-what = Program wysyła token w nagłówku, nigdy w adresie:
# Heading of the form.
admin-token-add = Nowy token
# A name follows.
admin-token-new = Token dla
# Below the token.
admin-token-once = Skopiuj go teraz: nie jest tu przechowywany i nie zostanie pokazany ponownie.
# Heading.
admin-audit = Dziennik zmian
# Below the audit log.
admin-audit-what = Kto, co i skąd zrobił, i z jakim skutkiem. Najnowsze na początku.
# There is nothing.
admin-audit-none = Jeszcze nic nie zrobiono.
# Heading.
admin-account = Twoje konto
# Head of a column.
admin-when = Kiedy
# Head of a column.
admin-who = Kto
# Head of a column.
admin-from-where = Skąd
# Head of a column.
admin-what = Co
# Head of a column.
admin-target = Na czym
# Head of a column.
admin-result = Wynik
# Result.
admin-done = zrobione
# Head of a column of buttons.
admin-change = Zmień
# Button.
admin-add = Dodaj
# Button.
admin-save = Zapisz
# Button.
admin-remove = Usuń
# Head of a column.
admin-head-channel = Kanał
# Head of a column.
admin-head-queue = Kolejka
# Heading.
admin-reports = Raporty
# Below reports.
admin-reports-what = Co wychodzi pocztą oraz każdy pełny dzień i tydzień: jako strona, dla arkuszy i dla programów.
# Heading.
admin-reports-mailed = Pocztą
# There is none.
admin-reports-no-mail = Żaden raport nie wychodzi pocztą. Określają to sekcje mail i report konfiguracji.
# Heading.
admin-reports-pages = Dni i tygodnie
# Heading.
admin-reports-days = Dni
# Heading.
admin-reports-weeks = Tygodnie od poniedziałku
# There is none.
admin-reports-none = Nie policzono jeszcze pełnego dnia.
# Column.
admin-report-name = Raport
# Column.
admin-report-when = Kiedy
# Column: addresses.
admin-report-to = Do kogo
# Column: a moment.
admin-report-next = Następny
# Column: a moment.
admin-report-sent = Ostatnio wysłany
# It was not sent.
admin-report-never = jeszcze nie
# A time follows.
admin-report-each-day = codziennie
# A number of people.
admin-report-undelivered = niedoręczony, osób: { $count }
# A moment follows.
admin-report-retry = następna próba { $time }
# Button.
admin-report-send = Wyślij teraz
# Button.
admin-report-test = Wyślij próbny do mnie
# Field.
admin-report-address = Twój adres poczty
# It is done.
admin-report-said-sent = Serwer poczty go przyjął.
# Before codes of languages.
admin-report-language = Język stron
# Heading.
admin-messages = Wiadomości
# Below messages.
admin-messages-what = Wiersz dla ludzi na sali. Tablice z kaflem message lub ticker pokazują go od razu, aż sam się skończy.
# Heading of the form.
admin-message-new = Nowa wiadomość
# Field and column.
admin-message-text = Treść
# Field.
admin-message-level = Ważność
# Choice.
admin-level-normal = zwykła
# Choice.
admin-level-important = ważna
# Field: a length.
admin-message-for = Przez
# Field and column: a moment.
admin-message-until = Do kiedy
# Column: a moment.
admin-message-from = Od kiedy
# Above boxes to tick.
admin-message-boards = Na tych tablicach (bez zaznaczenia: na wszystkich)
# Column.
admin-message-boards-column = Tablice
# Instead of names.
admin-message-all-boards = wszystkie
# Button.
admin-message-show = Pokaż
# Button.
admin-message-end = Zakończ teraz
# Heading.
admin-messages-now = Teraz na ekranach
# There is none.
admin-messages-none = Nie ma żadnej.
# Heading.
admin-messages-ended = Zakończone
# No board shows messages.
admin-messages-no-place = Żadna tablica nie ma jeszcze kafla message ani ticker: nic nie będzie widać.
# Names of boards follow.
admin-messages-without = Bez kafla na wiadomości:
# It is done.
admin-message-said-shown = Ekrany ją pokazują.
# It is done.
admin-message-said-ended = Zakończono.
# It is done.
admin-message-said-removed = Usunięto z listy.
# Of a button: the login that people have at work anyway.
oidc-button = Zaloguj się kontem organizacji
# A link below it.
oidc-another = innym kontem
# Heading of the form with name and password.
oidc-or = Albo nazwą i hasłem
# Why nobody comes in by it.
oidc-down = Logowanie organizacji w tej chwili nie odpowiada. Spróbuj później albo zaloguj się nazwą i hasłem, jeśli je tu masz.
# Why nobody comes in by it.
oidc-odd = Logowanie organizacji i ten serwer nie są do siebie dopasowane. Dziennik serwera mówi, co jest nie tak: powiadom administratora.
# Why nobody comes in by it.
oidc-stale = To logowanie rozpoczęto w innym oknie, zbyt dawno temu albo już się zakończyło. Zacznij je od nowa.
# Why nobody comes in by it.
oidc-denied = Logowanie organizacji nie wpuściło Cię albo zostało tam przerwane.
# Why nobody comes in by it.
oidc-token = Nie udało się sprawdzić tego, co logowanie organizacji mówi o Tobie, więc nikogo nie wpuszczono. Spróbuj od nowa; jeśli to się powtarza, powiadom administratora.
# Why nobody comes in by it.
oidc-no-role = Organizacja Cię zna, ale żadna z Twoich grup nie ma tu dostępu. Poproś administratora o dostęp albo zaloguj się innym kontem.
oidc-no-groups = Organizacja Cię zna, ale Twoje konto należy do tylu grup, że nie podaje, do których. Zwróć się do administratora.
# Why nobody comes in by it.
oidc-no-name = Organizacja nie podaje nazwy, której można tu użyć. Powiadom administratora: to klucz name_claim w konfiguracji.
# Why nobody comes in by it.
oidc-taken = Ktoś inny ma tu już Twoją nazwę. Poproś administratora, aby usunął tę osobę albo zmienił jej nazwę.
# Why nobody comes in by it.
oidc-full = Na tym serwerze jest już tyle osób, ile może być. Powiadom administratora.
# Why nobody comes in by it.
oidc-too-many = Zbyt wiele prób. Spróbuj ponownie za kwadrans.
# Why nobody comes in by it.
oidc-disk = Serwer nie może w tej chwili zapisywać logowań. Spróbuj wkrótce.
# Why nobody comes in by it.
oidc-off = Tutaj nie można logować się kontem organizacji.
# Somebody has logged out. A link may follow.
oidc-left = Wylogowano tutaj. W tej przeglądarce organizacja może Cię jeszcze pamiętać.
# The link.
oidc-leave = Wyloguj się także tam
# Of somebody without a password here.
access-vouched = Rola i hasło należą do konta organizacji: zmienia się je tam, a nie tutaj.
# In the place of a password.
admin-person-vouched = loguje się kontem organizacji
# Heading of a page that somebody may not see.
refused-role = To nie jest dla Twojej roli
# A role, as above.
refused-role-what = Potrzebna jest rola „{ $role }” lub wyższa. Może ją nadać administrator: Administracja, Osoby.
# Heading.
refused-login = Nie jesteś już zalogowany
# What to do.
refused-login-what = Logowanie wygasło, więc nic nie zmieniono. Zaloguj się i zrób to jeszcze raz.
# Heading.
refused-form = Ta strona była zbyt stara
# What to do.
refused-form-what = Powstała dla innego logowania albo ciasteczka są zablokowane; nic nie zmieniono. Otwórz ją od nowa i powtórz czynność.
# Heading.
refused-origin = To nie przyszło ze strony tego serwera
# What to do; names of settings stay.
refused-origin-what = Nic nie zmieniono. Jeśli prowadził tu link, wróć. Jeśli zdarza się to na stronach tego serwera, powiadom administratora: pośredniczący serwer proxy musi zostawiać nagłówek Host bez zmian albo być jednym z server.trusted_proxies.
# Heading.
refused-closed = To jest zamknięte
# Why.
refused-closed-what = Nikt nie może tego otworzyć.
# A name and a role.
refused-as = Zalogowano jako { $name } ({ $role }).
# Button.
refused-log-out = Zaloguj się jako ktoś inny
# Of a channel.
admin-channel-refused = żądania są odrzucane
# Of a channel.
admin-channel-silent = milczy
# Of a channel.
admin-channel-late = opóźniony
# Of a channel.
admin-channel-never = nic jeszcze nie przyszło
# Before what has come to a webhook.
admin-webhook = Żądania sieci
# What has come to a webhook.
admin-webhook-never = Żadnego od startu serwera. Czy adres jest zarejestrowany w sieci i czy proxy przekazuje /in/ do tego serwera?
# What has come to a webhook; a number and a moment.
admin-webhook-refused = Odrzucono { $count } od { $time }: podpis lub sekret jest nieprawidłowy. Porównaj sekret kanału z tym, który ma sieć.
# What has come to a webhook; a moment.
admin-webhook-taken = Ostatnie: { $time }.
# After that; a number and a moment.
admin-webhook-strangers = Odrzucono { $count } obcych od { $time }.
