//! Conversations as they might have been, made from the talks in `talks.txt`.

use super::company::{self, Customer};
use super::dice::Dice;

const TALKS: &str = include_str!("talks.txt");

/// Who says a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    Customer,
    Agent,
    /// A private note of an agent.
    Note,
}

/// One thing somebody might say at this point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Choice<'a> {
    voice: Voice,
    has_picture: bool,
    is_optional: bool,
    text: &'a str,
}

/// A point in a talk: one choice for each lane, `None` where nothing is said.
#[derive(Debug, Clone, Default)]
struct Step<'a> {
    /// Any choice fits, whatever was said before.
    is_free: bool,
    choices: Vec<Option<Choice<'a>>>,
}

/// A kind of conversation.
#[derive(Debug, Clone)]
pub struct Talk<'a> {
    #[cfg_attr(not(test), expect(dead_code, reason = "for messages of tests"))]
    name: &'a str,
    pub labels: Vec<&'a str>,
    pub team: &'a str,
    pub weight: u64,
    pub priority: Option<&'a str>,
    /// Only about furniture.
    is_furniture: bool,
    steps: Vec<Step<'a>>,
}

/// A line that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub voice: Voice,
    pub text: String,
    pub has_picture: bool,
}

/// What the words in braces stand for in one conversation.
pub struct Scene<'a> {
    pub customer: &'a Customer,
    pub agent: &'a company::Agent,
    /// Hour of the day at which it begins.
    pub hour: i64,
    /// Day of the month and month of a day shortly before and of one shortly after.
    pub before: (i64, i64),
    pub after: (i64, i64),
}

/// All talks.
pub fn talks() -> Vec<Talk<'static>> {
    parse(TALKS)
}

fn parse(text: &str) -> Vec<Talk<'_>> {
    let mut talks: Vec<Talk<'_>> = Vec::new();
    let mut is_new_step = true;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(head) = line.strip_prefix("= ") {
            talks.push(head_of(head));
            is_new_step = true;
        } else if line.trim().is_empty() {
            is_new_step = true;
        } else if let Some(talk) = talks.last_mut() {
            if std::mem::take(&mut is_new_step) {
                talk.steps.push(Step::default());
            }
            match (talk.steps.last_mut(), line) {
                (Some(step), "*") => step.is_free = true,
                (Some(step), line) => step.choices.push(choice_of(line)),
                (None, _) => {}
            }
        }
    }
    talks
}

fn head_of(head: &str) -> Talk<'_> {
    let mut parts = head.split(';').map(str::trim);
    let mut next = || parts.next().unwrap_or_default();
    Talk {
        name: next(),
        labels: next().split(',').map(str::trim).collect(),
        team: next(),
        weight: next().parse().unwrap_or(1),
        priority: Some(next()).filter(|priority| !priority.is_empty()),
        is_furniture: next() == "móvel",
        steps: Vec::new(),
    }
}

fn choice_of(line: &str) -> Option<Choice<'_>> {
    let (mark, text) = line.split_once(' ')?;
    let is_optional = mark.ends_with('?');
    let (voice, has_picture) = match mark.trim_end_matches('?') {
        ">" => (Voice::Customer, false),
        ">>" => (Voice::Customer, true),
        "<" => (Voice::Agent, false),
        "!" => (Voice::Note, false),
        _ => return None,
    };
    Some(Choice { voice, has_picture, is_optional, text })
}

impl Talk<'_> {
    /// What is said in one conversation of this kind.
    pub fn play(&self, dice: &mut Dice, scene: &Scene<'_>) -> Vec<Line> {
        let words = Words::new(dice, scene, self.is_furniture);
        let lanes = self.steps.first().map_or(0, |step| step.choices.len());
        let lane = usize::try_from(dice.roll()).unwrap_or_default() % lanes.max(1);
        let mut lines = Vec::with_capacity(self.steps.len());
        for (at, step) in self.steps.iter().enumerate() {
            let last = step.choices.len().saturating_sub(1);
            let choice = if step.is_free { *dice.pick(&step.choices) } else { step.choices[lane.min(last)] };
            let Some(choice) = choice else { continue };
            if choice.is_optional && !dice.percent(55) {
                // Nobody answers what was not said: the rest is left out too, if all of it may be.
                let rest = self.steps[at..].iter().flat_map(|step| step.choices.iter().flatten());
                if choice.voice != Voice::Note && rest.into_iter().all(|choice| choice.is_optional) {
                    break;
                }
                continue;
            }
            let ways: Vec<&str> = choice.text.split(" | ").collect();
            let text = words.fill(dice.pick::<&str>(&ways));
            lines.push(Line { voice: choice.voice, text, has_picture: choice.has_picture });
        }
        lines
    }
}

struct Words(Vec<(&'static str, String)>);

impl Words {
    fn new(dice: &mut Dice, scene: &Scene<'_>, is_furniture: bool) -> Self {
        let products = if is_furniture { &company::PRODUCTS[..company::FURNITURE] } else { &company::PRODUCTS[..] };
        let (ending, product, price) = *dice.pick(products);
        let customer = scene.customer;
        let ola = match scene.hour {
            0..12 => "Bom dia",
            12..18 => "Boa tarde",
            _ => "Boa noite",
        };
        let oi = *dice.pick(&["Oi", "Olá", "oi", "Oie", ola, ola]);
        let obrigado = format!("obrigad{}", customer.ending);
        let day = |(day, month): (i64, i64)| format!("{day:02}/{month:02}");
        let letters = |dice: &mut Dice| char::from(b'A' + u8::try_from(dice.between(0, 25)).unwrap_or_default());
        Self(vec![
            ("nome", customer.first_name.to_owned()),
            ("agente", scene.agent.name.split(' ').next().unwrap_or_default().to_owned()),
            ("a_agente", scene.agent.ending.to_owned()),
            ("x_contato", customer.ending.to_owned()),
            ("obrigado_maiusculo", capital(&obrigado)),
            ("obrigado", obrigado),
            ("ola_min", ola.to_lowercase()),
            ("ola", ola.to_owned()),
            ("oi", oi.to_owned()),
            ("x", ending.to_owned()),
            ("produto", product.to_owned()),
            ("o_produto_maiusculo", format!("{} {product}", capital(ending))),
            ("o_produto", format!("{ending} {product}")),
            ("um_produto", format!("{} {product}", if ending == "a" { "uma" } else { "um" })),
            ("este_produto", format!("est{} {product}", if ending == "a" { "a" } else { "e" })),
            ("cor", company::colour(dice).to_owned()),
            ("valor", reais(price * 100 + dice.between(0, 9) * 10)),
            ("pedido", format!("#{}", dice.between(40_000, 98_999))),
            ("protocolo", format!("2026{:08}", dice.between(1, 99_999_999))),
            ("rastreio", format!("{}{}{:09}BR", letters(dice), letters(dice), dice.between(1, 999_999_999))),
            ("cupom", (*dice.pick(&["CASANOVA10", "LUME10", "BEMVINDO", "PRIMAVERA15", "VOLTEI5"])).to_owned()),
            ("cidade", if dice.percent(85) { customer.city } else { company::city(dice) }.to_owned()),
            ("data_futura", day(scene.after)),
            ("data", day(scene.before)),
            ("dia_semana", (*dice.pick(&["segunda", "terça", "quarta", "quinta", "sexta"])).to_owned()),
            ("prazo", dice.between(3, 12).to_string()),
            ("largura", (dice.between(8, 44) * 5).to_string()),
            ("altura", (dice.between(9, 36) * 5).to_string()),
            ("fundo", (dice.between(6, 18) * 5).to_string()),
            ("peso", dice.between(2, 48).to_string()),
        ])
    }

    fn fill(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 32);
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            out.push_str(before);
            let (name, behind) = behind.split_once('}').unwrap_or((behind, ""));
            match self.0.iter().find(|(known, _)| *known == name) {
                Some((_, word)) => out.push_str(word),
                None => out.push_str(name),
            }
            rest = behind;
        }
        out.push_str(rest);
        out
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// A price as it is written in Brazil: `R$ 1.890,90`.
fn reais(cents: i64) -> String {
    let (whole, cents) = (cents / 100, cents % 100);
    let thousands = if whole >= 1000 { format!("{}.{:03}", whole / 1000, whole % 1000) } else { whole.to_string() };
    format!("R$ {thousands},{cents:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scene(customer: &Customer) -> Scene<'_> {
        Scene { customer, agent: &company::AGENTS[2], hour: 9, before: (3, 5), after: (12, 5) }
    }

    #[test]
    fn every_talk_can_be_played_and_leaves_no_gap() {
        let mut dice = Dice::new(1);
        let customer = company::customer(&mut dice, 1);
        let talks = talks();
        assert!(talks.len() >= 25);
        for talk in &talks {
            assert!(company::TEAMS.iter().any(|team| team.0 == talk.team), "{}: {}", talk.name, talk.team);
            for label in &talk.labels {
                assert!(company::LABELS.iter().any(|known| known.0 == *label), "{}: {label}", talk.name);
            }
            let words = Words::new(&mut dice, &scene(&customer), false);
            for choice in talk.steps.iter().flat_map(|step| step.choices.iter().flatten()) {
                for name in choice.text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)) {
                    assert!(words.0.iter().any(|(known, _)| *known == name), "{}: {name}", talk.name);
                }
            }
            for _ in 0..20 {
                let lines = talk.play(&mut dice, &scene(&customer));
                assert_eq!(lines[0].voice, Voice::Customer);
                for line in &lines {
                    assert!(!line.text.contains(['{', '}']) && !line.text.trim().is_empty(), "{}", line.text);
                }
            }
        }
    }

    #[test]
    fn prices_are_written_as_in_brazil() {
        assert_eq!(reais(189_090), "R$ 1.890,90");
        assert_eq!(reais(14_900), "R$ 149,00");
    }
}
