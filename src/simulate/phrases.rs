//! What is said in writing beside questions and answers: by machines, in public, by customers who help each
//! other. The public texts are in a tone that the shipped lexicons hear.

use super::draw::Draw;

const GREETINGS: [&str; 4] = [
    "Hello! I am the shop's assistant. Is it about an order, an invoice or something else?",
    "Dzień dobry! Tu asystent sklepu. Za chwilę połączę z konsultantem.",
    "Здравствуйте! Я бот магазина. Сейчас позову оператора.",
    "Добрий день! Я бот магазину. Зараз покличу оператора.",
];
const BOT_SOLVES: [&str; 3] = [
    "Your parcel is on its way. You can follow it with the number in our e-mail.",
    "Fakturę można pobrać na stronie zamówienia.",
    "Возврат денег занимает до трёх дней.",
];
const PRAISE: [&str; 6] = [
    "Great service, thank you very much!",
    "Excellent support, solved in five minutes. I recommend them.",
    "Świetna obsługa, bardzo polecam!",
    "Dziękuję, wszystko działa doskonale.",
    "Отличный магазин, спасибо, всё быстро!",
    "Чудовий сервіс, дякую!",
];
const BLAME: [&str; 8] = [
    "Terrible service, the parcel is late again and nobody answers",
    "I am very disappointed. Worst support ever, I want my money back",
    "Fatalna obsługa, paczka zaginęła i nikt nie odpowiada",
    "Składam reklamację, towar przyszedł uszkodzony",
    "Ужасный сервис, посылка опять потерялась",
    "Жалоба: третий раз присылают сломанный товар",
    "Жахливий сервіс, гроші не повертають",
    "The app is awful since the update, it crashes all the time",
];
const PUBLIC_QUESTIONS: [&str; 6] = [
    "When is the blue one back in stock?",
    "Are you open on Sunday?",
    "Czy dostawa do paczkomatu jest darmowa?",
    "Сколько стоит доставка?",
    "Чи є розмір M?",
    "How do I update the app?",
];
const HELP: [&str; 5] = [
    "I had the same: sign out, restart, sign in again.",
    "It is in the settings, under Account.",
    "U mnie pomogło ponowne zalogowanie.",
    "Мне привезли за два дня, не волнуйтесь.",
    "У мене так само, напишіть їм у приват.",
];
const MENTIONS: [&str; 5] = [
    "Good morning from the queue in front of the shop",
    "My new lamp came today, it looks great",
    "Never again that shop, a disaster",
    "Ktoś już kupował w tym sklepie?",
    "Заказал там чайник, посмотрим",
];

/// What a bot says first.
pub fn greeting(draw: &mut Draw) -> &'static str {
    draw.pick(&GREETINGS)
}

/// With what a bot settles a matter.
pub fn bot_solves(draw: &mut Draw) -> &'static str {
    draw.pick(&BOT_SOLVES)
}

/// What somebody writes where everybody can read it.
pub fn in_public(draw: &mut Draw) -> &'static str {
    match draw.weighted(&[0.45, 0.25, 0.30]) {
        0 => draw.pick(&PUBLIC_QUESTIONS),
        1 => draw.pick(&PRAISE),
        _ => draw.pick(&BLAME),
    }
}

/// What another customer knows.
pub fn help(draw: &mut Draw) -> &'static str {
    draw.pick(&HELP)
}

/// What is said of the company and not to it.
pub fn mention(draw: &mut Draw) -> &'static str {
    draw.pick(&MENTIONS)
}
