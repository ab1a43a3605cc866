//! Business hours as they are written: a week of days, a time zone, and what is said at other times.

mod days;

use leptos::prelude::*;
use model::hours::{Hours, Span, Week, is_sound};
use text::hours as t;
use ui::{Choice, Combobox, Field, FormSection, Switch, TextArea};

use crate::account::calls;
use crate::boot::use_lang;
use crate::form::Faults;
use days::{Day, Days};

/// Fields that have a place of their own for what is wrong with them.
pub const FIELDS: &[&str] = &["working_hours", "timezone", "out_of_office_message"];

/// Hours being written. Cheap to copy.
#[derive(Clone, Copy)]
pub struct HoursState {
    enabled: RwSignal<bool>,
    days: StoredValue<[Day; 7]>,
    timezone: RwSignal<Vec<String>>,
    message: RwSignal<String>,
}

impl HoursState {
    /// As they are now.
    #[must_use]
    pub fn new(hours: &Hours) -> Self {
        let state = Self {
            enabled: RwSignal::new(false),
            days: StoredValue::new(std::array::from_fn(|_| Day::new())),
            timezone: RwSignal::new(Vec::new()),
            message: RwSignal::new(String::new()),
        };
        state.set(hours);
        state
    }

    /// Takes all changes back.
    pub fn set(self, hours: &Hours) {
        self.enabled.set(hours.enabled);
        self.timezone.set(vec![hours.timezone.clone()]);
        self.message.set(hours.message.clone());
        self.days.with_value(|days| days.iter().zip(&hours.week.days).for_each(|(day, spans)| day.set(spans)));
    }

    /// As they are sent; follows changes.
    #[must_use]
    pub fn hours(self) -> Hours {
        let days: [Day; 7] = self.days.get_value();
        Hours {
            enabled: self.enabled.get(),
            week: Week { days: days.map(Day::spans) },
            timezone: self.timezone.with(|zones| zones.first().cloned().unwrap_or_default()),
            message: self.message.get(),
        }
    }

    /// Whether no day contradicts itself; follows changes.
    #[must_use]
    pub fn is_sound(self) -> bool {
        self.days.get_value().iter().all(|day| is_sound(&day.spans()))
    }
}

/// Whose hours they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    Inbox,
    Team,
}

/// The fields of hours.
#[component]
pub fn HoursFields(
    /// What is written.
    state: HoursState,
    /// Whose hours.
    owner: Owner,
    /// What was wrong with the last try.
    faults: Faults,
) -> impl IntoView {
    let lang = use_lang();
    let (switch, switch_hint, message_hint) = match owner {
        Owner::Inbox => (t::enabled(lang), t::enabled_hint(lang), t::message_hint(lang)),
        Owner::Team => (t::team_enabled(lang), t::team_enabled_hint(lang), t::team_message_hint(lang)),
    };
    let HoursState { enabled, days, timezone, message } = state;
    let zones = crate::json::resource(|| (), |()| calls::timezones());
    let zone_choices = Signal::derive(move || {
        let mut names = zones.get().and_then(Result::ok).unwrap_or_default();
        // Those that are set stay readable until the list is there.
        names.extend(timezone.get().into_iter().filter(|zone| !names.contains(zone)).collect::<Vec<_>>());
        names.into_iter().map(|zone| Choice::new(zone.clone(), zone.replace('_', " "))).collect::<Vec<_>>()
    });
    view! {
        <FormSection title=t::title(lang) text=if owner == Owner::Team { t::team_text(lang) } else { t::text(lang) }>
            <Switch checked=enabled label=switch detail=switch_hint/>
        </FormSection>
        <div class="form-sections" hidden=move || !enabled.get()>
            <FormSection title=t::week(lang) text=t::week_text(lang)>
                <Field id="hours-timezone" label=t::timezone(lang) error=faults.at("timezone")>
                    <Combobox
                        id="hours-timezones"
                        value=timezone
                        options=zone_choices
                        placeholder=t::timezone(lang)
                        label=t::timezone(lang)
                        search_label=text::common::search(lang)
                        empty=text::common::no_results(lang)
                    />
                </Field>
                <Days days=days.get_value() fault=faults.at("working_hours")/>
            </FormSection>
            <FormSection title=t::message(lang) text=message_hint>
                <Field
                    id="hours-message"
                    label=t::message(lang)
                    hide_label=true
                    error=faults.at("out_of_office_message")
                >
                    <TextArea value=message max=10_000_u32/>
                </Field>
            </FormSection>
        </div>
    }
    .into_any()
}

/// `9:05` as the browser's fields for times write it.
fn written(minutes: u16) -> String {
    let two = |number: u16| if number < 10 { ["0", &number.to_string()].concat() } else { number.to_string() };
    // The end of a day is the beginning of the next.
    let minutes = minutes % model::hours::DAY;
    [two(minutes / 60).as_str(), ":", &two(minutes % 60)].concat()
}

/// Minutes from midnight; none while a field is empty.
fn minutes(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.get(..2)?.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// What two fields say; what they do not say makes a span that is none.
fn span(from: &str, until: &str) -> Span {
    let until = match minutes(until) {
        Some(0) => model::hours::DAY,
        other => other.unwrap_or_default(),
    };
    Span { from: minutes(from).unwrap_or_default(), until }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_written() {
        for minutes_of_day in [0, 9 * 60 + 5, 23 * 60 + 59] {
            assert_eq!(minutes(&written(minutes_of_day)), Some(minutes_of_day));
        }
        assert_eq!(written(model::hours::DAY), "00:00");
        assert_eq!(span("09:00", "00:00"), Span { from: 540, until: model::hours::DAY });
        assert!(!is_sound(&[span("09:00", "")]));
        for wrong in ["", "9", "24:00", "10:60", "a:b"] {
            assert_eq!(minutes(wrong), None, "{wrong}");
        }
    }
}
