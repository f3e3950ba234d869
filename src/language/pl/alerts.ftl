# Alerts, as the pages of administration show them.

# Heading.
admin-alerts = Alerty
# Below alerts.
admin-alerts-what = Co wymaga teraz uwagi, według reguł dla Prometheusa; pilnuje tego sama Tablica. Odbiorcy dowiadują się tak, jak mówi konfiguracja.
# The config says alerts.watch = false.
admin-alerts-unwatched = Nikt nie pilnuje: alerts.watch ma wartość false.
# Heading.
admin-alerts-now = Teraz
# The server has just started.
admin-alerts-not-looked = Jeszcze nie sprawdzono.
# Nothing is wrong.
admin-alerts-none = Nic: wszystko w porządku.
# A number follows.
admin-alerts-pending = Zaraz się zaczną, jeśli to potrwa:
# Column.
admin-alert-severity = Jak pilne
# Somebody has to do something now.
admin-alert-page = teraz
# Somebody has to do something today.
admin-alert-ticket = dziś
# Column.
admin-alert-what = Co
# Column: a moment.
admin-alert-since = Od
# Column.
admin-alert-told = Kto się dowiaduje
# Instead of names of receivers.
admin-alert-nobodys = nikt: żaden odbiorca nie jest od tego
# A key of the config follows.
admin-alert-off = nikt, przez
# A moment follows.
admin-alert-silenced = nikt: wyciszony do
# The name of another alert follows.
admin-alert-explained = nikt: wyjaśnia to
# Link to Grafana.
admin-alert-dashboard = pulpit
# Column.
admin-alert-silence = Wycisz
# Field: a length.
admin-alert-for = Na
# Field.
admin-alert-why = Dlaczego
# Button.
admin-alert-silence-it = Wycisz
# Heading.
admin-alerts-receivers = Odbiorcy
# A section of the config follows.
admin-alerts-nobody = Nikt się nie dowiaduje: w konfiguracji nie ma sekcji
# Column.
admin-receiver-name = Odbiorca
# Column.
admin-receiver-by = Przez
# Column.
admin-receiver-about = O czym
# Which alerts.
admin-receiver-all = wszystko
# Which alerts.
admin-receiver-floor = to, co zauważają klienci
# Which alerts.
admin-receiver-operator = to, co robi serwer
# Which alerts.
admin-receiver-pages-only = tylko pilne
# Column: a moment.
admin-receiver-last = Ostatnia wiadomość
# Instead of a moment.
admin-receiver-never = żadnej od startu
# Button.
admin-receiver-test = Wyślij próbę
# Heading.
admin-alerts-silences = Wyciszenia
# Column: a moment.
admin-silence-until = Do
# Column.
admin-silence-by = Kto i dlaczego
# Button.
admin-silence-end = Zakończ
# It is done.
admin-alert-said-silenced = Wyciszono.
# It is done.
admin-alert-said-unsilenced = Wyciszenie zakończono.
# It is done.
admin-alert-said-tested = Próba została przyjęta.
# On the first page: alerts that hold.
admin-alerts-urgent =
    { $count ->
        [one] { $count } wymaga uwagi teraz
        [few] { $count } wymagają uwagi teraz
       *[other] { $count } wymaga uwagi teraz
    }

# What each alert is called on a wall.
alert-ServiceLevelBelowGoal = Poziom obsługi poniżej celu
alert-CallerWaitsTooLong = Ktoś czeka za długo na linii
alert-MessageWaitsTooLong = Wiadomość czeka za długo
alert-AbandonedMany = Wielu klientów rezygnuje
alert-UnansweredPileUp = Wiadomości bez odpowiedzi
alert-PolicyOverdue = Obietnice po terminie
alert-PolicyAtRisk = Obietnice tuż przed terminem
alert-PromisesPileUp = Większość obietnic zagrożona
alert-ChannelFeedSilent = Nic nie przychodzi
alert-PublicCriticismJumped = Nagły wzrost krytyki
alert-TablicaQuarantineGrowing = Nieczytelne wiadomości
alert-TablicaQuarantineFull = Kwarantanna jest pełna
alert-TablicaPluginResting = Wtyczka zatrzymana po błędach
alert-TablicaSignatureFailures = Błędne podpisy
alert-TablicaTurnsWebhooksAway = Webhooki są odrzucane
alert-TablicaDoorsRefuse = Żądania są odrzucane
alert-TablicaLoginsLimited = Ktoś zgaduje hasła
alert-TablicaScreenPictureOld = Obraz na ekranie stoi
alert-TablicaScreenGone = Ekran zniknął
alert-TablicaJournalNotWritable = Niczego nie można zapisać
alert-TablicaJournalEventsMissing = Zdarzenia przepadły
alert-TablicaFileSetAside = Uszkodzony plik odłożony
alert-TablicaJournalSlow = Dysk jest powolny
alert-TablicaDiskFillsUp = Dysk zapełni się w ciągu doby
alert-TablicaEngineBehind = Liczby są spóźnione
alert-TablicaClockJumped = Zegar przeskoczył
alert-TablicaRestartsOften = Serwer często się restartuje
alert-TablicaLimitHit = Limit osiągnięty
alert-TablicaTopicsFileBad = Reguły tematów nieczytelne
alert-TablicaReloadFailed = Nowa konfiguracja odrzucona
alert-TablicaNotReporting = Serwer nie podaje metryk
alert-TablicaReportNotMailed = Raport nie został wysłany
alert-StaffingShort = Za mało agentów
alert-PublicPostsUnanswered = Publiczne pytania bez odpowiedzi
alert-CustomersNotReached = Wielu klientów bez odpowiedzi
alert-TablicaFreshnessBudgetBurns = Liczby wciąż się spóźniają
alert-TablicaFreshnessBudgetShrinks = Liczby często spóźnione
