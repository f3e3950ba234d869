//! Who works at the center, who writes to it, and what they say.

use super::draw::Draw;

const FIRST_NAMES: [&str; 20] = [
    "Anna",
    "Piotr",
    "Olena",
    "Marek",
    "Irina",
    "Tomasz",
    "Julia",
    "Andriy",
    "Ewa",
    "Pavel",
    "Katarzyna",
    "Jan",
    "Oksana",
    "Michał",
    "Sofia",
    "Dmytro",
    "Zofia",
    "Adam",
    "Natalia",
    "Igor",
];
const LAST_NAMES: [&str; 17] = [
    "Nowak",
    "Kowalska",
    "Shevchenko",
    "Wójcik",
    "Petrova",
    "Lewandowski",
    "Bondar",
    "Zielińska",
    "Kaczmarek",
    "Melnyk",
    "Mazur",
    "Kravets",
    "Dudek",
    "Sokolova",
    "Pawlak",
    "Tkachenko",
    "Wilk",
];

const QUESTIONS: [&str; 16] = [
    "Hi, where is my order?",
    "The app signs me out every few minutes, what can I do?",
    "Can I change the delivery address after paying?",
    "How do I get an invoice for my company?",
    "I was charged twice this month",
    "Do you have this model in blue?",
    "Dzień dobry, kiedy dotrze moja paczka?",
    "Nie działa mi logowanie, pomożecie?",
    "Czy mogę zwrócić towar bez paragonu?",
    "Здравствуйте, как изменить тариф?",
    "Не приходит код подтверждения",
    "Когда вернут деньги за отменённый заказ?",
    "Добрий день, де моє замовлення?",
    "Скажіть, будь ласка, як подовжити підписку?",
    "Is anybody there?",
    "The manual says one thing and the device does another 😕",
];
const FOLLOW_UPS: [&str; 8] = [
    "And how long will it take?",
    "I tried that already",
    "Order number is 4711-26",
    "Dobrze, a co dalej?",
    "Спасибо, попробую",
    "Дякую!",
    "Thanks, it works now 👍",
    "Can you check once more, please?",
];
const REPLIES: [&str; 8] = [
    "Hello! Let me check that for you.",
    "Thanks for waiting. It left our warehouse this morning.",
    "Please open Settings, then Account, and sign in again.",
    "I have sent the invoice to your e-mail.",
    "Już sprawdzam, proszę o chwilę.",
    "Добрый день! Уже проверяю.",
    "Добрий день! Зараз перевірю.",
    "It is refunded, you will see it within two days.",
];

/// A customer of the center. The same number is the same person on every network and in every
/// run, so that people come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Customer {
    /// Which one of the population.
    pub number: i64,
    /// Given name.
    pub first_name: &'static str,
    /// Family name.
    pub last_name: &'static str,
}

/// How many different customers there are.
pub const POPULATION: i64 = 6_000;

impl Customer {
    /// Somebody of the population.
    pub fn any(draw: &mut Draw) -> Self {
        Self::of(draw.between(0, POPULATION - 1))
    }

    fn of(number: i64) -> Self {
        let index = usize::try_from(number).unwrap_or(0);
        Self {
            number,
            first_name: FIRST_NAMES[index % FIRST_NAMES.len()],
            last_name: LAST_NAMES[index / 3 % LAST_NAMES.len()],
        }
    }

    /// Telegram's id of them: past 32 bits for some, as it is in life.
    pub fn telegram_id(&self) -> i64 {
        4_100_000_000 + self.number * 7_919
    }

    /// Both names.
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// A number from those kept free for fiction: 555-0100 to 555-0199 of each area code.
    pub fn phone(&self) -> String {
        format!("+1{}55501{:02}", 200 + self.number / 100, self.number % 100)
    }

    /// The language that their telephone speaks.
    pub fn language(&self) -> &'static str {
        match self.number.rem_euclid(4) {
            0 => "en",
            1 => "pl",
            2 => "ru",
            _ => "uk",
        }
    }

    /// An address in a domain that can have no mail.
    pub fn email(&self) -> String {
        format!("customer{}@example.com", self.number)
    }
}

/// The name of the agent with this number; all differ below 340.
pub fn agent_name(number: usize) -> String {
    let first = FIRST_NAMES[number % FIRST_NAMES.len()];
    // 20 and 17 have no common divisor: each pair comes once in 340.
    let last = LAST_NAMES[number % LAST_NAMES.len()];
    let again = number / (FIRST_NAMES.len() * LAST_NAMES.len());
    if again == 0 { format!("{first} {last}") } else { format!("{first} {last} {}", again + 1) }
}

/// What a customer asks first.
pub fn question(draw: &mut Draw) -> &'static str {
    draw.pick(&QUESTIONS)
}

/// What a customer says after an answer.
pub fn follow_up(draw: &mut Draw) -> &'static str {
    draw.pick(&FOLLOW_UPS)
}

/// What an agent answers.
pub fn reply(draw: &mut Draw) -> &'static str {
    draw.pick(&REPLIES)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_agents_share_a_name() {
        let names: BTreeSet<_> = (0..700).map(agent_name).collect();
        assert_eq!(names.len(), 700);
    }

    #[test]
    fn names_and_numbers_fit_the_formats_they_are_put_in() {
        for number in 0..POPULATION {
            let customer = Customer::of(number);
            assert_eq!(customer.phone().len(), "+12125550123".len());
            assert!(customer.telegram_id() < 1 << 52);
        }
        assert!((0..400).all(|number| !agent_name(number).contains('|')));
    }
}
