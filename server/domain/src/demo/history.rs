//! One conversation as it went: who wrote when, and where it stands now.

use model::{ConversationStatus, Millis, Priority};

use super::calendar::{self, DAY, HOUR, MINUTE};
use super::company::{AGENTS, Customer};
use super::dice::Dice;
use super::talk::{Line, Scene, Talk, Voice};

/// A conversation with its lines in order.
#[derive(Debug, Clone)]
pub struct History {
    pub created_at: Millis,
    pub lines: Vec<(Millis, Line)>,
    pub status: ConversationStatus,
    pub snoozed_until: Option<Millis>,
    /// When it was resolved.
    pub resolved_at: Option<Millis>,
    /// Place in [`AGENTS`].
    pub assignee: Option<usize>,
    pub priority: Option<Priority>,
    pub labels: Vec<String>,
    pub team: Option<String>,
    /// Until when the customer and the agent have read.
    pub customer_saw: Millis,
    pub agent_saw: Millis,
}

/// Makes up a conversation that begins at `at`.
pub fn make(dice: &mut Dice, talks: &[Talk<'_>], customer: &Customer, at: Millis, now: Millis) -> History {
    let weights: Vec<u64> = talks.iter().map(|talk| talk.weight).collect();
    let first = &talks[dice.weighted(&weights)];
    let assignee = pick_agent(dice, first.team, now - at < 7 * DAY);
    let mut lines = Vec::new();
    let mut talk = first;
    let mut begin = at;
    loop {
        let scene = Scene {
            customer,
            agent: &AGENTS[assignee],
            hour: calendar::hour(begin),
            before: calendar::date(begin - dice.between(2, 9) * DAY),
            after: calendar::date(begin + dice.between(2, 8) * DAY),
        };
        let said = talk.play(dice, &scene);
        begin = spread(dice, said, begin, &mut lines);
        // Some come back to the same conversation with something else.
        if !dice.percent(38) {
            break;
        }
        talk = &talks[dice.weighted(&weights)];
        begin += dice.between(3 * HOUR, 6 * DAY);
    }
    let is_running = lines.last().is_some_and(|(at, _)| *at > now - MINUTE);
    lines.retain(|(at, _)| *at <= now - MINUTE);
    stand(dice, first, customer, lines, is_running, assignee, at, now)
}

/// Agents have departments; the first two lead and answer less, but help out these days, the first everywhere: whoever looks at the demo is
/// one of them.
fn pick_agent(dice: &mut Dice, team: &str, is_recent: bool) -> usize {
    if is_recent && dice.percent(40) {
        return 0;
    }
    let members = super::company::TEAMS.iter().find(|known| known.0 == team).map_or(&[2_usize][..], |known| known.2);
    let weight = |place: &usize| match (*place < 2, is_recent) {
        (true, true) => 8,
        (true, false) => 1,
        (false, _) => 4,
    };
    let weights: Vec<u64> = members.iter().map(weight).collect();
    members[dice.weighted(&weights)]
}

/// Gives each line its time; returns the last.
fn spread(dice: &mut Dice, said: Vec<Line>, begin: Millis, lines: &mut Vec<(Millis, Line)>) -> Millis {
    let mut at = begin;
    let mut before: Option<Voice> = None;
    for line in said {
        at += match (before, line.voice) {
            (None, _) => 0,
            (Some(Voice::Customer), Voice::Customer) => dice.between(8_000, 90_000),
            (_, Voice::Customer) if dice.percent(76) => dice.between(40_000, 8 * MINUTE),
            (_, Voice::Customer) => dice.between(10 * MINUTE, 3 * HOUR),
            (_, Voice::Note) => dice.between(MINUTE, 6 * MINUTE),
            (_, Voice::Agent) if dice.percent(82) => dice.between(MINUTE, 14 * MINUTE),
            (_, Voice::Agent) => dice.between(15 * MINUTE, 2 * HOUR),
        };
        if line.voice != Voice::Customer {
            at = calendar::at_work(dice, at);
        }
        before = Some(line.voice);
        lines.push((at, line));
    }
    at
}

#[expect(clippy::too_many_arguments, reason = "what is known of a conversation when its state is decided")]
fn stand(
    dice: &mut Dice,
    talk: &Talk<'_>,
    customer: &Customer,
    mut lines: Vec<(Millis, Line)>,
    is_running: bool,
    agent: usize,
    created_at: Millis,
    now: Millis,
) -> History {
    let last_at = lines.last().map_or(created_at, |(at, _)| *at);
    let status = if is_running { ConversationStatus::Open } else { status(dice, now - last_at) };
    let is_open = status == ConversationStatus::Open;
    if is_open && now - last_at < DAY && dice.percent(30) {
        // Nobody has looked at it yet.
        let heard = lines.iter().take_while(|(_, line)| line.voice == Voice::Customer).count();
        lines.truncate(heard.max(1));
    } else if is_open && !is_running && dice.percent(55) {
        // The answer is still owed.
        while lines.len() > 1 && lines.last().is_some_and(|(_, line)| line.voice != Voice::Customer) {
            lines.pop();
        }
    }
    let last_at = lines.last().map_or(created_at, |(at, _)| *at);
    let last_of = |voice: Voice| lines.iter().rev().find(|(_, line)| line.voice == voice).map(|(at, _)| *at);
    let answered_at = last_of(Voice::Agent).or(last_of(Voice::Note));
    let done_at = last_at + dice.between(2 * MINUTE, 40 * MINUTE);
    let resolved_at =
        (status == ConversationStatus::Resolved).then(|| calendar::at_work(dice, done_at)).filter(|at| *at < now);
    let status =
        if status == ConversationStatus::Resolved && resolved_at.is_none() { ConversationStatus::Open } else { status };
    let has_owner = answered_at.is_some() || resolved_at.is_some() || dice.percent(25);
    let has_seen = dice.percent(if status == ConversationStatus::Resolved { 100 } else { 35 });
    let mut labels: Vec<String> =
        talk.labels.iter().filter(|_| dice.percent(80)).map(|label| (*label).to_owned()).collect();
    if customer.is_vip {
        labels.push("vip".to_owned());
    }
    History {
        created_at,
        status,
        snoozed_until: (status == ConversationStatus::Snoozed).then(|| now + dice.between(3 * HOUR, 5 * DAY)),
        resolved_at,
        assignee: has_owner.then_some(agent),
        priority: talk.priority.filter(|_| dice.percent(60)).and_then(|word| word.parse().ok()),
        labels,
        team: dice.percent(80).then(|| talk.team.to_owned()),
        customer_saw: if dice.percent(80) { last_at } else { last_of(Voice::Customer).unwrap_or(created_at) },
        agent_saw: if has_seen { last_at } else { answered_at.unwrap_or_default() },
        lines,
    }
}

/// Where a conversation stands that was quiet for so long.
fn status(dice: &mut Dice, quiet: Millis) -> ConversationStatus {
    use ConversationStatus::{Open, Pending, Resolved, Snoozed};
    const ALL: [ConversationStatus; 4] = [Open, Pending, Snoozed, Resolved];
    let weights = if quiet < 3 * HOUR {
        [100, 0, 0, 0]
    } else if quiet < DAY {
        [50, 5, 5, 40]
    } else if quiet < 7 * DAY {
        [12, 4, 5, 79]
    } else if quiet < 30 * DAY {
        [2, 1, 1, 96]
    } else {
        [1, 0, 0, 499]
    };
    ALL[dice.weighted(&weights)]
}

#[cfg(test)]
mod tests {
    use super::super::{company, talk};
    use super::*;

    const NOW: Millis = 1_768_489_200_000;

    fn many(seed: u64) -> Vec<History> {
        many_at(seed, NOW)
    }

    fn many_at(seed: u64, now: Millis) -> Vec<History> {
        let mut dice = Dice::new(seed);
        let talks = talk::talks();
        calendar::moments(&mut dice.branch(1), now, 2000)
            .into_iter()
            .enumerate()
            .map(|(number, at)| {
                let customer = company::customer(&mut dice, number);
                make(&mut dice, &talks, &customer, at, now)
            })
            .collect()
    }

    #[test]
    fn lines_are_in_order_and_not_in_the_future() {
        for history in many(1) {
            assert!(!history.lines.is_empty());
            assert!(history.lines.is_sorted_by_key(|(at, _)| *at));
            assert!(history.lines.last().is_some_and(|(at, _)| *at < NOW));
            assert!(history.resolved_at.is_none_or(|at| at < NOW));
            assert_eq!(history.resolved_at.is_some(), history.status == ConversationStatus::Resolved);
            assert_eq!(history.snoozed_until.is_some(), history.status == ConversationStatus::Snoozed);
        }
    }

    #[test]
    fn a_desk_has_work_today_and_a_long_memory() {
        let all = many(1);
        let open: Vec<_> = all.iter().filter(|history| history.status == ConversationStatus::Open).collect();
        assert!((40..150).contains(&open.len()), "{} open", open.len());
        assert!(open.iter().any(|history| history.assignee.is_none()));
        let lines: usize = all.iter().map(|history| history.lines.len()).sum();
        assert!((7 * 2000..11 * 2000).contains(&lines), "{lines} lines");
        assert!(all.iter().filter(|history| history.status == ConversationStatus::Resolved).count() > 1700);
    }

    #[test]
    fn whoever_looks_has_work_at_any_hour() {
        for hours in (0..7 * 24).step_by(3) {
            let all = many_at(1, NOW + hours * HOUR);
            let is_own = |history: &&History| history.assignee == Some(0) && history.status == ConversationStatus::Open;
            let own = all.iter().filter(is_own).count();
            assert!(own > 0, "nothing after {hours} hours");
        }
    }

    #[test]
    fn the_same_seed_tells_the_same_story() {
        let texts = |seed| -> Vec<String> {
            many(seed).into_iter().take(50).flat_map(|history| history.lines).map(|(_, line)| line.text).collect()
        };
        assert_eq!(texts(7), texts(7));
        assert_ne!(texts(7), texts(8));
    }
}
