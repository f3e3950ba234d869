//! The endings that words take, as lists to read and to add to.
//!
//! Inflection only: an ending that makes another word (`-ник`, `-able`, `-owy`) is not here, so
//! that `банк` is no `банкет` and `app` no `apply`. In the form of [`super::normal`].

use std::sync::LazyLock;

/// Which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Endings {
    /// Nothing follows.
    Empty,
    En,
    /// Of words of three letters and of those in `-e`.
    EnShort,
    EnAfterE,
    EnAfterY,
    EnDoubled,
    PlNominal,
    PlVerbal,
    /// By which a verb is known.
    PlVerbShape,
    PlSoftened,
    RuNominal,
    RuVerbal,
    RuVerbShape,
    UkNominal,
    UkVerbal,
    UkVerbShape,
    UkSoftened,
}

/// In the order of [`Endings`].
const LISTS: [&str; 17] = [
    "",
    "s es ed ing",
    "s es d",
    "ing",
    "ies ied",
    "ed ing",
    // Polish nouns and adjectives.
    "a e i o u y ie ia ii iu ze
     em om ow ach ami iami iach iom iem io mi owi owie ej ego emu iego iemu iej ych ym ymi ich im imi",
    // Polish verbs.
    "a am asz amy acie aja aj ajcie ajac
     ac al ala alo ali aly alem alam ales alas ano any ana ane ani
     e esz emy ecie ec el ela elo eli ely elem elam
     i isz imy icie ic il ila ilo ili ily ilem ilam iles ilas ono ony ona one oni
     y ysz ymy ycie yc yl yla ylo yli yly ylem ylam
     ie iesz iemy iecie ia ial iala ialo iali iec nac nal nela nelo neli nalem nelam uc",
    "ac ic yc ec uc a e i y aja al ala alo ali il ila ilo ili yl yla ylo yli",
    "e ie",
    // Russian nouns and adjectives.
    "а я о е и ы у ю ь й ой ей ою ею ом ем ам ям ами ями ах ях ов ев
     ий ия ие ии ию ием ией иям иями иях ью ьи ье ья ьев ьям ьями ьях
     ый ая яя ое ее ые ого его ому ему ую юю ым им ых их ыми ими",
    // Russian verbs.
    "ю у ешь ет ем ете ют ут ишь ит им ите ат ят й йте ть ти
     аю аешь ает аем аете ают яю яешь яет яем яете яют ею еешь еет еем еете еют
     ать ал ала ало али ай айте ан ана ано аны
     ять ял яла яло яли яй яйте ян яна яно яны
     ить ил ила ило или и ите ен ена ено ены ю
     еть ел ела ело ели оть ол ола оло оли уть ул ула уло ули ыть ыл ыла ыло ыли
     ну нешь нет нем нете нут нуть нул нула нуло нули",
    "ать ять ить еть оть уть ыть ти ает яет еет ует ит ет ют ут ают яют еют уют
     ал ала ало али ял яла яло яли ил ила ило или ел ела ело ели ул ула уло ули ыл ыла ыло ыли",
    // Ukrainian nouns and adjectives.
    "а я о е є и і ї у ю ь й ою ею єю ом ем єм ам ям ами ями ма има ах ях ів їв ей ові еві єві
     ий ій ого ього ому ьому ої ьої их іх їх им ім їм ими іми ую юю ія ії ію ією ій іям іями іях
     ям ями",
    // Ukrainian verbs.
    "ю у еш є ємо єте ють уть иш ить имо ите ять ать й йте ти
     аю аєш ає аємо аєте ають юю юєш ює юємо юєте юють ую уєш ує уємо уєте ують
     ати ав ала ало али ай айте ано
     яти яв яла яло яли юти
     ити ив ила ило или і іть ено їти
     іти ів іла іло іли ути ув ула уло ули
     ювати ював ювала ювало ювали увати ував увала увало ували",
    "ювати увати ати яти ити іти їти ути ти ує ює ає яє ують юють ають яють ить ять ать уть
     ав ала ало али яв яла яло яли ив ила ило или ув ула уло ули ював ювала ювало ювали",
    "і",
];

/// A list in order, twice: to read, and to compare with.
struct Sorted {
    endings: Vec<&'static str>,
    packed: Vec<u128>,
}

static SORTED: LazyLock<Vec<Sorted>> = LazyLock::new(|| {
    let sorted = |list: &&'static str| {
        let mut endings: Vec<&str> = list.split_whitespace().collect();
        endings.sort_unstable();
        endings.dedup();
        let packed = endings.iter().filter_map(|ending| packed(ending)).collect();
        Sorted { endings, packed }
    };
    LISTS.iter().map(sorted).collect()
});

/// As one number, in the order of the texts; none of what is longer than any ending.
fn packed(ending: &str) -> Option<u128> {
    let mut bytes = [0; 16];
    bytes.get_mut(..ending.len())?.copy_from_slice(ending.as_bytes());
    Some(u128::from_be_bytes(bytes))
}

impl Endings {
    fn list(self) -> &'static Sorted {
        &SORTED[self as usize]
    }

    /// Russian and Ukrainian verbs may be reflexive.
    fn is_reflexive(self) -> bool {
        matches!(self, Endings::RuVerbal | Endings::UkVerbal)
    }

    /// A stem that has changed needs the ending for which it did.
    fn may_be_absent(self) -> bool {
        use Endings::{EnAfterE, EnAfterY, EnDoubled, PlSoftened, UkSoftened};
        !matches!(self, EnAfterE | EnAfterY | EnDoubled | PlSoftened | UkSoftened)
    }

    /// Whether a word may end so behind its stem.
    pub(super) fn allow(self, rest: &str) -> bool {
        if rest.is_empty() {
            return self.may_be_absent();
        }
        let rest = if self.is_reflexive() {
            rest.strip_suffix("ся").or_else(|| rest.strip_suffix("сь")).unwrap_or(rest)
        } else {
            rest
        };
        let among = |rest| self.list().packed.binary_search(&rest).is_ok();
        rest.is_empty() || packed(rest).is_some_and(among)
    }

    /// The word without its longest ending of the list, if so many characters remain: behind an
    /// ending of one character, behind a longer one.
    pub(super) fn longest_off(self, word: &str, chars_min: (usize, usize)) -> Option<&str> {
        let without = |ending: &&str| {
            let stem = word.strip_suffix(*ending)?;
            let one = ending.chars().nth(1).is_none();
            let min = if one { chars_min.0 } else { chars_min.1 };
            (stem.chars().count() >= min).then_some(stem)
        };
        self.list().endings.iter().filter_map(without).min_by_key(|stem| stem.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ending_can_be_compared() {
        for Sorted { endings, packed } in SORTED.iter() {
            assert_eq!(endings.len(), packed.len(), "{endings:?}");
            assert!(packed.is_sorted(), "{endings:?}");
        }
        assert!(Endings::En.allow("ing") && !Endings::En.allow("in") && !Endings::En.allow("ings"));
    }
}
