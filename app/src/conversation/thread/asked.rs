//! What a message asks besides its words, and what the contact answered.

use leptos::prelude::*;
use model::ContentKind;
use model::content::FACES;
use model::message::Message;
use serde_json::Value;
use text::Lang;
use text::message::asked as t;

/// A message that asks or offers something, as the team sees it.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// Each with what it says, and whether it was chosen.
    Options(Vec<(String, bool)>),
    /// What was filled in: the name of the field, empty for the only one, and the answer.
    Answers(Vec<(String, String)>),
    /// 1 to 5, and what was added.
    Rating(usize, String),
    /// Nothing was answered yet. What is asked for, where that is not said by the message.
    Waiting(Vec<String>),
}

impl Asked {
    /// What a message asks; nothing for most.
    pub fn of(message: &Message) -> Option<Self> {
        let attributes = &message.content_attributes;
        let answers = &attributes["submitted_values"];
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let items = list(&attributes["items"]);
        let chosen = &answers[0]["value"];
        Some(match message.content_kind {
            ContentKind::InputEmail => match attributes["submitted_email"].as_str() {
                Some(email) => Self::Answers(vec![(String::new(), email.to_owned())]),
                None => Self::Waiting(Vec::new()),
            },
            ContentKind::InputCsat => {
                let given = &answers["csat_survey_response"];
                match given["rating"].as_u64().and_then(|rating| usize::try_from(rating).ok()) {
                    Some(rating) => Self::Rating(rating, words(&given["feedback_message"])),
                    None => Self::Waiting(Vec::new()),
                }
            }
            ContentKind::InputSelect => {
                let option = |item: &Value| (words(&item["title"]), !chosen.is_null() && item["value"] == *chosen);
                Self::Options(items.iter().map(option).collect())
            }
            ContentKind::Form if answers.is_null() => {
                let name = |item: &Value| Some(words(&item["label"])).filter(|label| !label.is_empty());
                Self::Waiting(items.iter().map(|item| name(item).unwrap_or_else(|| words(&item["name"]))).collect())
            }
            ContentKind::Form => {
                Self::Answers(list(answers).iter().map(|one| (words(&one["title"]), words(&one["value"]))).collect())
            }
            ContentKind::Cards => {
                let actions = |item: &Value| {
                    let action = |action: &Value| {
                        let is_chosen = !chosen.is_null() && action["payload"] == *chosen;
                        ([&words(&item["title"]), " · ", &words(&action["text"])].concat(), is_chosen)
                    };
                    list(&item["actions"]).iter().map(action).collect::<Vec<_>>()
                };
                Self::Options(items.iter().flat_map(actions).collect())
            }
            ContentKind::Article => Self::Options(items.iter().map(|item| (words(&item["title"]), false)).collect()),
            _ => return None,
        })
    }

    /// Below the words of the message.
    pub fn view(self, lang: Lang) -> AnyView {
        let list = match self {
            Self::Options(options) => {
                let option = |(title, is_chosen): (String, bool)| {
                    let sign = if is_chosen { "✓ " } else { "" };
                    view! { <li class:is-chosen=is_chosen>{sign} {title}</li> }
                };
                view! { <ul>{options.into_iter().map(option).collect_view()}</ul> }.into_any()
            }
            Self::Answers(answers) => {
                let answer = |(name, value): (String, String)| {
                    view! {
                        <li class="is-chosen">
                            {(!name.is_empty()).then(|| view! { <small>{name}</small> })}
                            {value}
                        </li>
                    }
                };
                view! { <ul>{answers.into_iter().map(answer).collect_view()}</ul> }.into_any()
            }
            Self::Rating(rating, feedback) => {
                let face = rating.checked_sub(1).and_then(|at| FACES.get(at)).copied().unwrap_or_default();
                view! {
                    <p class="asked-rating">
                        <span aria-hidden="true">{face}</span>
                        <b>{t::rating(lang, &rating.to_string())}</b>
                    </p>
                    {(!feedback.is_empty()).then(|| view! { <blockquote>{feedback}</blockquote> })}
                }
                .into_any()
            }
            Self::Waiting(fields) => {
                let fields = (!fields.is_empty()).then(|| {
                    let field = |field| view! { <li>{field}</li> };
                    view! { <ul>{fields.into_iter().map(field).collect_view()}</ul> }
                });
                view! {
                    {fields}
                    <small>{t::waiting(lang)}</small>
                }
                .into_any()
            }
        };
        view! { <div class="asked">{list}</div> }.into_any()
    }
}

fn words(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::store::samples;

    #[test]
    fn answers_are_shown_as_they_were_given() {
        let asked = |kind: ContentKind, attributes: Value| {
            let mut message = samples::message(1);
            message.content_kind = kind;
            message.content_attributes = attributes;
            Asked::of(&message)
        };
        let options = json!([{"title": "Sim", "value": "s"}, {"title": "Não", "value": "n"}]);
        let chosen = json!({"items": options, "submitted_values": [{"title": "Não", "value": "n"}]});
        let shown = vec![("Sim".to_owned(), false), ("Não".to_owned(), true)];
        assert_eq!(asked(ContentKind::InputSelect, chosen), Some(Asked::Options(shown)));
        let rated = json!({"submitted_values": {"csat_survey_response": {"rating": 4, "feedback_message": "Bom"}}});
        assert_eq!(asked(ContentKind::InputCsat, rated), Some(Asked::Rating(4, "Bom".to_owned())));
        assert_eq!(asked(ContentKind::InputEmail, json!({})), Some(Asked::Waiting(Vec::new())));
        assert_eq!(asked(ContentKind::Text, json!({"items": []})), None);
        for odd in [json!(null), json!([1]), json!({"items": "x", "submitted_values": 7}), json!({"items": [null, 3]})]
        {
            for kind in ContentKind::ALL {
                let _ = asked(*kind, odd.clone());
            }
        }
    }
}
